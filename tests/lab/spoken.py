"""A page as a screen reader has it: the tree that the browser gives it."""

CONTROLS = ("button", "link", "textbox", "radio", "checkbox")


class Node:
    """One thing on the page: its role, name and description, and what is said of its state."""

    def __init__(self, raw):
        self.role = raw["role"]["value"]
        self.name = raw.get("name", {}).get("value", "")
        self.described = raw.get("description", {}).get("value", "")
        self.state = {one["name"]: one["value"].get("value") for one in raw.get("properties", ())}

    def __repr__(self):
        return f"{self.role} {self.name!r} ({self.described!r})"


class Spoken:
    def __init__(self, driver):
        raw = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        self.nodes = [Node(one) for one in raw if not one.get("ignored") and "role" in one]

    def all(self, *roles):
        return [node for node in self.nodes if node.role in roles]

    def text(self):
        return " ".join(node.name for node in self.all("StaticText"))
