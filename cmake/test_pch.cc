// Stands for the tests whose precompiled header it is; a target needs a source.
