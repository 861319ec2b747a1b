"""Makes what differs from run to run the same: ids, dates, the random part of ARNs, tokens, passwords.

What is replaced is checked first: a date that is no number of at most three decimals stays as it is, and shows.
"""
import json
import re
import sys
import time

DAY = 86400
DATE = re.compile(r'"(\w+Date)": ?(-?\d+(?:\.\d+)?)(?=[,}\s]|$)')


class Normaliser:
    """Numbers ids by their first appearance, so that it shows which of them are the same."""

    def __init__(self):
        self.ids = {}

    def text(self, text):
        return self.values(DATE.sub(self.date, text))

    def values(self, text):
        """All but the dates; what was JSON stays JSON."""
        text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b", self.uuid, text)
        text = re.sub(r"(:secret:[\w/+=.@!-]+?)-[A-Za-z0-9]{6}(?![A-Za-z0-9])", r"\1-XXXXXX", text)
        text = re.sub(r'("NextToken": ?)"[^"]+"', r'\1"<token>"', text)
        text = re.sub(r'("RandomPassword": ?)"((?:[^"\\]|\\.)*)"', self.password, text)
        return re.sub(r"KTAK[A-Z0-9]{16}", "KTAK<id>", text)

    def uuid(self, match):
        return self.ids.setdefault(match.group(), f"<uuid {len(self.ids) + 1}>")

    def password(self, match):
        length = len(re.sub(r"\\.", "x", match.group(2)))
        return f'{match.group(1)}"<{length} characters>"'

    def date(self, match):
        name, number = match.groups()
        if "." in number and len(number.split(".")[1]) > 3:
            return match.group()
        seconds = float(number)
        if name == "LastAccessedDate":
            word = "day" if seconds % DAY == 0 and abs(time.time() - seconds) < 2 * DAY else "not a day"
        elif name == "NextRotationDate":
            # The last second of a window, so many days from today.
            days = int((seconds - time.time() // DAY * DAY) // DAY)
            word = f"{time.strftime('%H:%M:%S', time.gmtime(seconds))} of the day in {days} days"
        else:
            days = round((seconds - time.time()) / DAY)
            word = "now" if days == 0 else f"now {days:+} days"
        return f'"{name}": <{word}>'


def sorted_json(text):
    """An answer of awscli with its members in order: their order says nothing."""
    try:
        value = json.loads(text, parse_float=Number, parse_int=Number)
    except ValueError:
        return text
    return dump(value) + "\n"


class Number(str):
    """A number as it was written."""


def dump(value, indent=""):
    inner = indent + "    "
    if isinstance(value, dict) and value:
        parts = [f"{inner}{json.dumps(key)}: {dump(value[key], inner)}" for key in sorted(value)]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(inner + dump(entry, inner) for entry in value) + f"\n{indent}]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def transcript(text):
    """A transcript of commands: each answer sorted, then all of it normalised."""
    normaliser, out, answer = Normaliser(), [], []
    # Ids first: objects are ordered by them.
    text = normaliser.values(text)

    def flush():
        if answer:
            out.append(sorted_json("".join(answer)))
            answer.clear()

    for line in text.splitlines(keepends=True):
        if line.startswith(("$ ", "# ", "(exit")) or line == "\n":
            flush()
            out.append(line)
        else:
            answer.append(line)
    flush()
    return normaliser.text("".join(out))


if __name__ == "__main__":
    sys.stdout.write(transcript(sys.stdin.read()))
