// Package manifest reads what a project declares about itself. So far that is one thing: the oldest version of Python that it is to run on, by
// `requires-python` of pyproject.toml, Poetry's `python`, `python_requires` of setup.cfg and setup.py, or the classifiers where none of
// these is given.
//
// It reads no file itself: [Python.For] asks for them by path, folder by folder from a file's own up to the root of the repository, and
// the first folder that declares something counts. What cannot be read, or is of a form that is not known, declares nothing.
package manifest
