"""Small wrong edits to real functions, and refactorings that look like them: does the verdict tell them apart?"""
