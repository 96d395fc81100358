"""sou correct: a page as sou reads it, put right by its reader."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from search.cli.session import Session
from search.cli.typed import typed
from search.model.errors import EXIT_FOUND, EXIT_NOTHING, EXIT_REQUEST, PaperError, RequestError
from search.model.path_spelling import kept as spelling_of
from search.model.path_spelling import shown as people
from search.model.told_commands import sou
from search.output.world import World

if TYPE_CHECKING:
    from search.papers.corrections.form import Fault
    from search.papers.corrections.kept import Correction
    from search.papers.corrections.layout import Layout
    from search.papers.corrections.whole_pages import WholePage

_MOST_NAME = 200
"""Bytes of the name of a paper in the name of a form."""
MOST_TOLD = 20
"""Faults of a form that are named; of the rest, how many."""

_HOW = "print the form with --print, and give back an edited one with --from FORM"


def correct(
    world: World,
    *,
    file: Path | None,
    page: int | None,
    print_: bool,
    form: Path | None,
    remove: bool,
    list_: bool,
    format_: str | None,
    index: Path | None,
) -> int:
    """Open a page in the user's editor, check what comes back, and keep it.

    What is kept wins over reading from then on. --print, --from and --remove do the parts of it.
    """
    session = Session(world, index)
    if sum((print_, form is not None, remove, list_)) > 1:
        raise RequestError("--print, --from, --remove and --list cannot be combined")
    if list_:
        if file:
            raise RequestError("--list takes no FILE", "it lists the corrections of all sources")
        from search.cli.correction_list import listed

        return listed(session, format_)
    if format_:
        raise RequestError("-f goes with --list")
    if file is None:
        raise RequestError("no FILE to correct", "name a page: sou correct FILE, or use --list")
    return _Work(session, file).carry_out(page, form, print_=print_, remove=remove)


class _Work:
    """One paper that is corrected."""

    def __init__(self, session: Session, file: Path) -> None:
        from search.papers.corrections.places import Corrections, place_of

        self.session = session
        self.world = session.world
        self.file = file
        self.paper = place_of(file)
        self.known: list[Correction] = []
        self.parts: set[str | None] = set()
        self.stale = False
        self.outlived: Correction | None = None
        self.again = ""
        session.corrections()  # which refuses a folder of another user
        self.places = Corrections(str(session.settings.corrections), session.folder.beside)

    def carry_out(self, page: int | None, form: Path | None, *, print_: bool, remove: bool) -> int:
        """Do what is asked for; return the exit status."""
        from search.papers.corrections.layout import unchanged_fields
        from search.papers.corrections.storing import stored

        if remove:
            return self._remove(page)
        self.known = stored(self.paper, self.places)
        self.again = sou(f"correct {typed(self.file)}" + (f" --page {page}" if page else ""))
        whole = self._page(page)
        before, remarks = self._standing(whole)
        layout = whole.shown(before)
        if print_:
            for line in self._form(whole, layout, remarks):
                self.world.write(f"{line}\n")
            return EXIT_FOUND
        if form:
            text = _form_of(form)
            right, faults = self._fitted(text, whole, layout)
            if faults:
                self._tell(faults)
                if str(form) == "-":
                    self._rescue(_encoded(text))
                return EXIT_REQUEST
            right = unchanged_fields(right, layout, before)
            return self._keep(whole, right, text if str(form) == "-" else "")
        return self._edit(whole, before, remarks)

    def _page(self, number: int | None) -> WholePage:
        """Return the page that is meant, as sou reads it. Raises RequestError."""
        from search.papers.corrections.kept import dumped
        from search.papers.corrections.whole_pages import whole_pages
        from search.papers.formats import accepts, is_of_pages
        from search.papers.pages.document import name_part
        from search.system.files import open_regular

        name = self.file.name
        try:
            with open_regular(self.paper, follow=True) as stream:
                if not is_of_pages(name):
                    raise RequestError(
                        f"{self.file}: papers of this format cannot be corrected",
                        "pages of text, Markdown, PDF, DOCX, ALTO and hOCR can; unpack an archive"
                        if accepts(name)
                        else "it is no kind of file that sou reads",
                    )
                given, _, shown = self.session.given(self.file)
                limits = self.session.settings.limits()
                pages = list(whole_pages(shown, stream, limits, given, dumped(self.known, name)))
        except PaperError as exc:
            raise RequestError(f"{self.file}: {exc.message}", exc.hint) from exc
        except OSError as exc:
            raise RequestError(f"cannot read {self.file}: {exc.strerror or exc}") from exc
        self.parts = {each.part for each in pages}
        pages = [each for each in pages if each.text.strip()]
        if not pages:
            raise RequestError(f"{self.file}: there is no text in it")
        if len(pages) == 1 and number in {None, 1}:
            return pages[0]
        if number is None:
            parts = ", ".join(each.part or "" for each in pages[:MOST_TOLD])
            raise RequestError(
                f"{self.file} has {len(pages)} pages with text ({parts})", "name one: --page N"
            )
        for each in pages:
            if each.part == name_part(number):
                return each
        raise RequestError(f"{self.file} has no page {number} with text")

    def _standing(self, whole: WholePage) -> tuple[Layout, tuple[str, ...]]:
        """Return how a page is to be shown, and what is to be said about that."""
        from search.papers.corrections.whole_pages import carried_over, outlived

        known = next((each for each in self.known if each.part == whole.part), None)
        if known is None:
            known = self.outlived = outlived(self.known, self.parts, whole.source)
        if known is None:
            return whole.layout, ()
        if known.fits(whole.text) and not self.outlived:
            return known.layout, ("已更正过。 This page was corrected before.",)
        self.stale = True
        layout, fresh = carried_over(known, whole.source)
        english = (
            f"The paper changed after it was corrected. Lines that are new or different: {fresh};"
        )
        return layout, (
            f"更正之后原文已变：有 {fresh} 行是新的或改过的，放在 @page 下。",
            f"{english} they are below @page.",
        )

    def _form(self, whole: WholePage, layout: Layout, remarks: tuple[str, ...]) -> list[str]:
        from search.papers.corrections.form import written

        name = people(spelling_of(self.file.name))
        name = f"{name}, {whole.part}" if whole.part else name
        return list(written(layout, whole.source, name, remarks))

    @staticmethod
    def _fitted(text: str, whole: WholePage, layout: Layout) -> tuple[Layout, list[Fault]]:
        from search.papers.corrections.fitting import fitted

        return fitted(text, layout, whole.source, whole.manner)

    def _edit(self, whole: WholePage, before: Layout, remarks: tuple[str, ...]) -> int:
        """Let the user edit the form until it is right, or until they give up."""
        from tempfile import TemporaryDirectory

        from search.cli.editor import edit
        from search.cli.questions import may_ask, says_yes
        from search.papers.corrections.layout import unchanged_fields

        layout = whole.shown(before)
        if not may_ask(self.world):
            raise RequestError("there is no terminal to edit on", _HOW)
        with TemporaryDirectory(prefix="sou-") as folder:
            path = Path(folder) / f"{self.file.stem}.form.txt"
            blank = _encoded("\n".join(self._form(whole, layout, remarks)) + "\n")
            path.write_bytes(blank)
            text = ""
            try:
                while True:
                    edit(path)
                    text = _form_of(path)
                    right, faults = self._fitted(text, whole, layout)
                    if not faults:
                        break
                    self._tell(faults)
                    if not says_yes(self.world, "Open it again?"):
                        self._rescue(path)
                        return EXIT_REQUEST
            except BaseException:
                if _is_other(path, blank):
                    self._rescue(path)
                elif text and not path.exists():
                    self._rescue(_encoded(text))
                raise
        right = unchanged_fields(right, layout, before)
        if right != before:
            return self._keep(whole, right, text)
        if self.stale and says_yes(
            self.world, "You changed nothing. Is the correction right for the paper as it is now?"
        ):
            return self._keep(whole, right, text)
        self.world.tell(
            "You changed nothing, and nothing is kept.",
            "If your editor returns before you are done, let it wait: EDITOR='code --wait'",
        )
        return EXIT_FOUND

    def _tell(self, faults: list[Fault]) -> None:
        """Say what is wrong with a form."""
        shown = [f"  {fault}" for fault in faults[:MOST_TOLD]]
        if len(faults) > MOST_TOLD:
            shown.append(f"  ... and {len(faults) - MOST_TOLD} more")
        self.world.tell(f"sou: {self.file}: the form is not kept:", *shown)

    def _rescue(self, form: bytes | Path) -> None:
        """Keep an edited form, or all of the file that an editor left, where the user finds it."""
        from contextlib import suppress
        from shutil import copyfileobj
        from tempfile import gettempdir

        from search.system.files import create, open_regular

        # A name that is nearly as long as names can be has no room for more.
        name = os.fsencode(self.file.name)[:_MOST_NAME].decode("utf-8", "ignore")
        why = "there are too many forms already"
        for folder in (Path(), Path(gettempdir())):
            for number in range(1, 100):
                more = f".{number}" if number > 1 else ""
                path = folder / f"{name}{more}.form"
                try:
                    with create(path, 0o600) as file:
                        if isinstance(form, bytes):
                            file.write(form)
                        else:
                            with open_regular(form, follow=True) as left:
                                copyfileobj(left, file)
                except FileExistsError:
                    continue
                except OSError as exc:
                    with suppress(OSError):  # of a disk that is full, there is the beginning
                        path.unlink()
                    why = exc.strerror or str(exc)
                    break
                self.world.tell(
                    f"     your form is in {path}; mend it, then: {self.again} --from {typed(path)}"
                )
                return
        self.world.tell(f"     your form could not be saved: {why}")

    def _keep(self, whole: WholePage, right: Layout, text: str) -> int:
        """Keep a layout; where that fails, the `text` of its form."""
        from search.papers.corrections.kept import corrected
        from search.papers.corrections.storing import store

        others = [each for each in self.known if each.part != whole.part]
        # What it was carried over from has no page any more.
        others = [each for each in others if each is not self.outlived]
        own = corrected(whole.part, whole.text, right)
        try:
            place = store([*others, own], self.paper, self.places)
        except BaseException:
            if text:
                self._rescue(_encoded(text))
            raise
        articles = len(right.portions)
        self.world.tell(
            f"Kept in {place}: {articles} article{'' if articles == 1 else 's'}. "
            f"{sou('index')} brings the index up to date."
        )
        return EXIT_FOUND

    def _remove(self, page: int | None) -> int:
        """Take back the correction of a page, or of all of the paper."""
        from search.papers.corrections.storing import remove, store, stored
        from search.papers.pages.document import name_part

        there = stored(self.paper, self.places) if page is not None else []
        rest = [each for each in there if each.part != name_part(page or 0)]
        if page == 1 and len(rest) == len(there):  # of the only page, which has no name
            rest = [each for each in there if each.part is not None]
        if page is not None and len(rest) == len(there):
            self.world.tell(f"sou: page {page} of {self.file} has no correction")
            return EXIT_NOTHING
        if rest:
            store(rest, self.paper, self.places)
        elif not remove(self.paper, self.places):
            self.world.tell(f"sou: {self.file} has no correction")
            return EXIT_NOTHING
        self.world.tell(f"Taken back. {sou('index')} brings the index up to date.")
        return EXIT_FOUND


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _is_other(path: Path, data: bytes) -> bool:
    """Return whether a file that an editor left is not what it was given."""
    from search.system.files import open_regular

    try:
        with open_regular(path, follow=True) as file:
            return file.read(len(data) + 1) != data
    except OSError:
        return False


def _form_of(path: Path) -> str:
    """Return a form, whatever encoding an editor has given it. Raises RequestError."""
    from search.papers.corrections.form import MOST_BYTES
    from search.papers.encodings.decode import decode
    from search.system.files import open_regular

    try:
        if str(path) == "-":
            if sys.stdin is None:
                raise RequestError("standard input is closed", "name a form")
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open_regular(path, follow=True) as file:
                data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise RequestError(
                f"{path} has more than {MOST_BYTES >> 20} MB: it is no form of a page"
            )
        return decode(data).text
    except OSError as exc:
        raise RequestError(f"{path} cannot be read: {exc.strerror or exc}") from exc
    except PaperError as exc:
        raise RequestError(f"{path}: {exc.message}", "a form is text") from exc
