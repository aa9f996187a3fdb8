# tests/unit: its files, for the Makefile at the top.
