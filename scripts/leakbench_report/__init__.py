"""Reading leakbench run folders and drawing them: shared by the commands in scripts/.

Nothing in here measures; it only reads the files of a run folder.
"""
