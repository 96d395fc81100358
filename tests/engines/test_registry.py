"""An engine is found by the address of an index."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from search.engines import registry
from search.engines.reference import ReferenceEngine
from search.engines.registry import ENGINES, Entry, storage_of
from search.engines.whoosh import storage
from search.storage.index_folder import IndexFolder


def test_a_folder_is_of_the_engine_without_a_scheme() -> None:
    assert [entry.name for entry in ENGINES if not entry.scheme] == ["whoosh"]
    assert not ENGINES[-1].scheme, "it takes what is left"
    for address in ("index_data", "/tmp/a:/b", "C:/index", "opensearch", "opensearch:9200", ""):
        assert storage_of(address) is storage


def test_another_engine_is_one_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = ReferenceEngine([])
    other = SimpleNamespace(open_engine=lambda *_, **__: engine)
    entry = Entry("other", lambda: other, "other")  # type: ignore[arg-type,return-value]
    monkeypatch.setattr(registry, "ENGINES", (entry, *ENGINES))
    assert storage_of("other://localhost:9200/papers") is other
    assert storage_of("others") is storage
    folder = IndexFolder(Path("other://localhost:9200/papers"))
    monkeypatch.setattr(folder, "generation", lambda _: tmp_path)
    state = SimpleNamespace(change=1, segments=None)
    assert folder.open_engine_of(state) is engine  # type: ignore[arg-type]
