# tests/load: its files, for the Makefile at the top.
