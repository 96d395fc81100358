"""Articles like one: its weightiest words as a query (Lucene's MoreLikeThis does the same)."""

from __future__ import annotations

from search.engines.port import Engine
from search.model.article import Article
from search.model.frozen import replace
from search.query.ast import Node, Or, Phrase
from search.searching.keywords import of_article
from search.searching.search import Question

MOST_WORDS = 25
"""Words of an article that are looked for, as many as MoreLikeThis takes."""


def similar(engine: Engine, article: Article, question: Question) -> Question:
    """Return a question for articles like one, that one left out; filters hold as given."""
    node = tree_of(engine, article)
    return replace(question, text=article.id, node=node, without=article.id, beside=False)


def tree_of(engine: Engine, article: Article) -> Node:
    """Return a tree of an article's weightiest words, any of which is enough.

    Words that stand in this article alone find no other. What ranks is BM25 over them all.
    """
    terms = of_article(engine, article, None).terms
    having = engine.having([term.term for term in terms])
    shared = [term.term for term, times in zip(terms, having, strict=True) if times > 1]
    return Or(tuple(Phrase(word) for word in shared[:MOST_WORDS]))
