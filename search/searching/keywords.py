"""What articles are about: the words that set them apart from the rest of the index.

A set of articles is described by the log-likelihood ratio of each word's documents (Dunning
1993, Accurate Methods for the Statistics of Surprise and Coincidence), one article by
tf-idf. Words come from the stored texts: of a large set from a sample, evenly spread, which
takes a third of the time it takes to go through all posting lists of the index, and as long
however large the index is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log

from search.analysis.fold import END, fold
from search.engines.port import Engine, Sample, SearchRequest
from search.model.article import Article
from search.model.frozen import frozen
from search.query.ast import Node

SAMPLE = 2_000
"""Articles of a set that are read."""

CANDIDATES = 5_000
"""Words, those of the most articles, that are weighed. What stands in fewer articles of a set
cannot come first."""

FEW_CHARACTERS = 20_000
"""Characters below which words are cut as a query's are."""

WITHIN = 0.8
"""A word is left out beside a longer one that holds it, if that has this share of its count."""


@frozen
class Term:
    """A word, how many of the articles read have it (of one article: how often), its weight."""

    term: str
    count: int
    weight: float


@frozen
class About:
    """The words of a set of articles, the heaviest first; `read` of the articles were read."""

    articles: int
    read: int
    terms: tuple[Term, ...]


def of_set(engine: Engine, tree: Node, most: int | None = 20) -> About:
    """Say what the articles that a tree finds are about.

    Of a single article, and of all there are, with which nothing can be compared, words
    weigh by tf-idf.
    """
    total, articles = _sample(engine, tree)
    everything = engine.count()
    if total == 1:
        return of_article(engine, articles[0], most)
    counts: Counter[str] = Counter()
    for words in words_of(articles):
        counts.update(set(words))
    known = _weighable(counts)
    having = dict(zip(known, engine.having(known), strict=True))
    terms = []
    for word in known:
        if total == everything:
            weight = counts[word] * _idf(having[word], everything)
        else:
            weight = log_likelihood(counts[word], len(articles), having[word], everything)
        if weight > 0:
            terms.append(Term(word, counts[word], weight))
    return About(total, len(articles), _first(terms, most))


def of_article(engine: Engine, article: Article, most: int | None = 20) -> About:
    """Say what one article is about: its words by tf-idf."""
    counts = Counter(word for words in words_of([article]) for word in words)
    known = _weighable(counts)
    everything = engine.count()
    terms = [
        Term(word, counts[word], counts[word] * _idf(having, everything))
        for word, having in zip(known, engine.having(known), strict=True)
    ]
    return About(1, 1, _first([term for term in terms if term.weight > 0], most))


def log_likelihood(inside: int, size: int, having: int, total: int) -> float:
    """Return how far a word's share of a set is above its share of the rest; 0 if it is not.

    `inside` of `size` articles of the set have the word, and `having` of `total` of them all.
    """
    having, total = max(having, inside), max(total, size)
    if inside * total <= having * size:
        return 0.0
    rest, others = having - inside, total - size
    # Observed and expected: with and without the word, in the set and in the rest.
    cells = (
        (inside, size * having / total),
        (rest, others * having / total),
        (size - inside, size * (total - having) / total),
        (others - rest, others * (total - having) / total),
    )
    return 2 * sum(seen * log(seen / expected) for seen, expected in cells if seen > 0)


def words_of(articles: Iterable[Article]) -> Iterator[list[str]]:
    """Yield the words of each article, title and body, the shorter ones inside long ones too."""
    texts = [fold(f"{article.title}\n{article.body}") for article in articles]
    if sum(map(len, texts)) < FEW_CHARACTERS:
        from search.analysis.segment import segment

        yield from map(segment, texts)
        return
    from search.analysis.segment_batch import cut_many

    found: list[list[str]] = [[] for _ in texts]
    for first, words in cut_many("".join(text + END for text in texts)):
        number = first
        for word in words:
            if word == END:
                number += 1
            elif word != " ":
                found[number].append(word)
    yield from found


def _sample(engine: Engine, tree: Node) -> tuple[int, list[Article]]:
    """Return how many articles a tree finds, and those of them that are read."""
    found = engine.search(SearchRequest(tree, Sample(SAMPLE)))
    return found.total, [scored.article for scored in found.hits]


def _weighable(counts: Counter[str]) -> list[str]:
    """Return the words that may say something: two characters or more, and not a number."""
    words = (word for word, _ in counts.most_common())
    kept = (word for word in words if len(word) > 1 and any(map(str.isalpha, word)))
    return [word for word, _ in zip(kept, range(CANDIDATES), strict=False)]


def _idf(having: int, total: int) -> float:
    """Return the inverse document frequency; 0 for a word that every article has."""
    return log(max(total, 1) / max(having, 1)) if having else 0.0


def _first(terms: list[Term], most: int | None) -> tuple[Term, ...]:
    """Return the heaviest words, without those that are seen inside longer ones."""
    kept: list[Term] = []
    terms.sort(key=lambda term: (-term.weight, term.term))
    for term in terms:
        if most is not None and len(kept) == most:
            break
        if not any(_is_inside(term, other) for other in terms[: 4 * len(kept) + 40]):
            kept.append(term)
    return tuple(kept)


def _is_inside(term: Term, other: Term) -> bool:
    return (
        len(other.term) > len(term.term)
        and term.term in other.term
        and other.count >= WITHIN * term.count
    )
