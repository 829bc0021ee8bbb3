"""Reads an answer block, whatever its layout: HTML to pieces, pieces to devices.

    markup, pieces   HTML to lines and tables      grid, columns, cells, tables   tables to devices
    tokens, entries  a line to name and number     outline, headings, lines       which heading holds
    signs, statuses  ★, ×, （予定） taken off    doubt, afterwards    unknown words, later sentences
    prose, links     sentences; links to a PDF     definitions, footnotes         what marks mean
    words            the words of the field        collector, reader   the walk over it all

`crawler/answer.py` is the way in.
"""
