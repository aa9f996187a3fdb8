"""Every page in every state: nothing shuts people out, nothing is cut, all of it has a name."""

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from lab import axe, layout
from lab.spoken import CONTROLS, Spoken
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


def must_be_spoken(page, spoken, errors):
    """Yield what somebody who can't see it would miss; ${errors} are the mistakes that are shown."""
    for landmark in ("main", "banner", "contentinfo"):
        if len(spoken.all(landmark)) != 1:
            yield f"not one {landmark}"
    levels = [node.state["level"] for node in spoken.all("heading")]
    if levels[:1] != [1] or levels.count(1) != 1 or any(
            after > before + 1 for before, after in zip(levels, levels[1:])):
        yield f"headings {levels}"
    for node in spoken.all(*CONTROLS):
        if not node.name.strip():
            yield f"{node} has no name"
        if node.role == "textbox" and not node.state.get("required"):
            yield f"{node} does not say that it is required"
    wrong = [node for node in spoken.all("textbox", "radiogroup")
             if node.state.get("invalid") == "true"]
    if len(wrong) != len(errors):
        yield f"{len(errors)} mistakes are shown, {len(wrong)} are said"
    for node, error in zip(wrong, errors):
        if error not in node.described:
            yield f"{node} does not say: {error}"
    if errors and not any(node.state.get("focused") for node in spoken.nodes
                          if node in wrong or node.role == "radio"):
        yield "what is wrong has not the focus"
    begins = {"nl": ("Nog niet goed: ", "Let op: "), "en": ("Not right yet: ", "Please note: ")}
    title = spoken.nodes[0].name
    if errors and not title.startswith(begins[page[:2]][0]):
        yield f"the title does not say that something is wrong: {title}"
    if not errors and title.startswith(begins[page[:2]][0]):
        yield f"the title says that something is wrong: {title}"
    if spoken.all("alert") and spoken.all("textbox") and not title.startswith(begins[page[:2]]):
        yield f"the title keeps quiet about what the page says first: {title}"


def test_spoken(reader, preview):
    """Landmarks, headings, names; each mistake is told by its field, the focus and the title."""
    faults = []
    for name, address, scripted, _ in every(preview):
        load(reader, address, scripted)
        errors = [one.text for one in reader.find_elements(By.CSS_SELECTOR, ".error")]
        faults += [(name, one) for one in must_be_spoken(name, Spoken(reader), errors)]
        lang = reader.find_element(By.TAG_NAME, "html").get_attribute("lang")
        faults += [(name, f"is marked {lang}")] if lang != name[:2] else []
    assert not faults


def test_titles(preview, reader):
    """No two steps are called the same, and all tell whose page it is."""
    for lang, states in preview.items():
        titles = {}
        for step in ("name", "price", "wish", "proof", "code", "second", "password",
                     "setting", "end-reset", "end-unlocked", "end-unknown", "end-stopped", "end-left", "stuck-later"):
            reader.get(states[step])
            titles.setdefault(reader.title, []).append(step)
            assert reader.title.endswith(" – Zorggroep Linde")
        assert all(len(steps) == 1 for steps in titles.values()), (lang, titles)


def test_said_when_it_changes(reader, preview):
    """The rules as they are met, and the button that can be pressed at last: in live regions."""
    def status():
        return [node.text for node in reader.find_elements(By.CSS_SELECTOR, "[role=status]")
                if node.text]

    load(reader, preview["en"]["password"])
    field = reader.find_element(By.NAME, "password")
    assert "At least 12 characters" in \
        [node for node in Spoken(reader).all("textbox") if node.name == "New password"][0].described
    field.send_keys("Wolken")
    WebDriverWait(reader, 10).until(lambda _: status())
    assert status()[0].startswith("Not right yet: At least 12 characters")
    field.send_keys("-boven-8-dijken")
    reader.find_element(By.NAME, "password_again").send_keys("Wolken-boven-8-dijken")
    WebDriverWait(reader, 10).until(lambda _: status()[0] == "This is all right.")

    load(reader, preview["en"]["code"])
    button = reader.find_element(By.CSS_SELECTOR, "[data-wait]")
    assert button.get_attribute("aria-disabled") == "true" and "again in" in button.text
    assert not status()
    reader.execute_script("const now = Date.now; Date.now = () => now() + 3600000")
    WebDriverWait(reader, 10).until(lambda _: status() == ["You can send it again now."])
    assert button.get_attribute("aria-disabled") is None and button.text == "Send the code again"


def test_still(reader, preview):
    """Whoever asks for less motion gets none."""
    moves = "return document.getAnimations().length"
    emulate(reader, prefers_reduced_motion="no-preference")
    load(reader, preview["nl"]["setting"])
    assert reader.execute_script(moves) > 0
    emulate(reader, prefers_reduced_motion="reduce")
    for state in preview["nl"]:
        load(reader, preview["nl"][state])
        assert reader.execute_script(moves) == 0, state


# Controls without a line around them, where grounds and shades are gone.
_WITHOUT_LINE = """
return [...document.querySelectorAll('button, a.primary, a.second, input, .choice')].filter(e => {
	const style = getComputedStyle(e), colour = style.borderTopColor;
	return e.type !== 'hidden' && !/radio|checkbox/.test(e.type) && e.offsetParent !== null &&
	    (parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === 'none' ||
	    colour === getComputedStyle(document.body).backgroundColor || /^rgba\\(.*, 0\\)$/.test(colour));
}).map(e => e.textContent || e.name);
"""


def test_own_colours(reader, preview):
    """With the colours of the person's own choice each control still has a shape."""
    emulate(reader, forced_colors="active")
    for name, address, scripted, _ in every(preview):
        load(reader, address, scripted)
        assert not reader.execute_script(_WITHOUT_LINE), name
    load(reader, preview["nl"]["code"])
    done, later = (reader.find_element(By.CSS_SELECTOR, f".bar span{which}").value_of_css_property(
        "background-color") for which in (".done", ":last-child"))
    assert done != later, "how far one has come"
    emulate(reader)
