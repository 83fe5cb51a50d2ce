"""The pure core: facts, what is news in them, the life of an alert, the guard, and the words for all of it.

It knows no clock (time comes in as an argument), no file, no network, no AWS package and no desktop package.
"""
