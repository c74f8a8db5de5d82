"""The HTML report of one run: what the page says, its pictures and its templates."""
