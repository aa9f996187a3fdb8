"""Every page in every state: nothing shuts people out, nothing is cut, all of it has a name."""

from lab import axe, layout
from lab.visits import emulate, every, load

# What axe leaves to us, and why it is all right.
SETTLED = {
    "css-orientation-lock": "it reads no style from disk; test_keyboard looks at served pages",
    "hidden-content": "what is for people with script is hidden from those without, and back",
}


def test_axe(reader, preview, figure):
    script, pages, faults = axe.source(), 0, []
    for name, address, scripted, theme in every(preview):
        emulate(reader, prefers_color_scheme=theme)
        load(reader, address, scripted)
        violations, open_questions = axe.look(reader, script)
        open_questions = [one for one in open_questions if one["rule"] not in SETTLED]
        faults += [(name, theme, scripted, one) for one in violations + open_questions]
        pages += 1
    figure("axe_pages", pages, "pages")
    figure("axe_violations", len(faults), "violations")
    assert not faults


def test_narrow(reader, preview):
    """400 % of 1280 by 1024; the spacing of WCAG 1.4.12; a language with longer words."""
    faults = []
    for name, address, scripted, _ in every(preview):
        layout.resize(reader, 320, 256)
        load(reader, address, scripted)
        faults += [(name, "narrow", one) for one in layout.faults(reader)]
        layout.space(reader)
        faults += [(name, "spaced", one) for one in layout.faults(reader)]
        layout.resize(reader, 1280, 900)
        faults += [(name, "wide and spaced", one) for one in layout.faults(reader)]
        load(reader, address, scripted)
        layout.lengthen(reader)
        faults += [(name, "longer", one) for one in layout.faults(reader)]
        layout.resize(reader, 320, 640)
        faults += [(name, "narrow and longer", one) for one in layout.faults(reader)]
    assert not faults
