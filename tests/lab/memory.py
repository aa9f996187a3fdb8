"""What a process holds in its memory: all that a core image of it would show, and more."""

import re

_HEAD = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$")


class Region:
    def __init__(self, first, last, mode, name):
        self.first, self.last, self.mode, self.name = first, last, mode, name
        self.flags = set()

    @property
    def undumped(self):
        """No core has it, whoever asks for one."""
        return "dd" in self.flags

    @property
    def locked(self):
        """It is never swapped out."""
        return "lo" in self.flags


def regions(pid):
    """The mappings of a process, with what the kernel says of each."""
    found = []
    with open(f"/proc/{pid}/smaps", "rb") as smaps:
        for line in smaps:
            head = _HEAD.match(line.rstrip())
            if head:
                found.append(Region(int(head[1], 16), int(head[2], 16), head[3].decode(),
                                    head[4].decode(errors="replace") or "anonymous"))
            elif line.startswith(b"VmFlags:"):
                found[-1].flags = set(line.decode().split()[1:])
    return found


def contents(pid):
    """Each mapping that can be read, with its bytes: of files, what the process sees of them."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for region in regions(pid):
            if not region.mode.startswith("r") or region.name in ("[vvar]", "[vsyscall]"):
                continue
            memory.seek(region.first)
            try:
                yield region, memory.read(region.last - region.first)
            except OSError:
                continue


def places(pid, needles):
    """(name of the needle, region, address) for each place where one of them stands."""
    found = []
    for region, data in contents(pid):
        for name, needle in needles.items():
            at = data.find(needle)
            if at != -1:
                found.append((name, region, region.first + at, data[max(0, at - 32):at + 64]))
    return found
