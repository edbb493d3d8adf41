"""Articles: found, shown with what was cut from them, released, discarded, killed, corrected; and cuts put back."""

from collections.abc import Callable
from typing import get_args

from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from syndicate.errors import UsageError
from syndicate.records import ArticleStatus, Listed, StoredArticle, Withdrawal
from syndicate.store.belonging import EVERY_TOPIC
from syndicate.store.corrections import NOTE_LENGTH
from syndicate.store.rulings import EVERYWHERE, by_block
from syndicate.store.withdrawals import REASON_LENGTH
from syndicate.web.desk.page import ROWS, Desk, decided, page, standing
from syndicate.web.desk.rulings import ruled
from syndicate.web.desk.session import Said

STATUSES: dict[ArticleStatus, str] = {
    "live": "published",
    "held": "waits for you",
    "discarded": "discarded",
    "duplicate": "copy of another",
    "killed": "killed",
}


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/articles and below."""
    room = _Articles(desk)
    blueprint.get("/articles")(room.articles)
    blueprint.get("/articles/<article_id>")(room.article)
    for act in (room.release, room.discard, room.restore, room.kill, room.revive, room.correct, room.uncorrect):
        blueprint.post(f"/articles/<article_id>/{act.__name__}")(act)


class _Articles:
    """What the routes do; each act is a command's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.services.store
        self._now = desk.services.now

    def articles(self) -> Response:
        """Those that are looked for, latest received first."""
        asked = {name: request.args.get(name, "").strip() for name in ("status", "source", "q", "after")}
        status = next((s for s in get_args(ArticleStatus) if s == asked["status"]), None)
        if asked["status"] and status is None:
            raise NotFound("There is no such status.")
        source, q, after = asked["source"] or None, asked["q"], asked["after"]
        rows = self._store.articles(source, status, ROWS + 1, named=q, after=after)
        listed = [Listed.of(stored) for stored in rows[:ROWS]]
        following = listed[-1].id if len(rows) > ROWS else ""
        return page(self._desk, "articles.html", articles=listed, asked=asked, following=following, statuses=STATUSES)

    def article(self, article_id: str) -> Response:
        """One article, all that was cut from it, and what can be decided of it."""
        stored = self._found(article_id)
        article = stored.published.article
        cuts = by_block(article.cuts, article.title)
        ruled = {ruling.block: ruling.verdict for ruling in self._store.rulings(article.source)}
        pending = any(ruled.get(block) == "keep" for block in cuts)
        return page(
            self._desk,
            "article.html",
            stored=stored,
            published=stored.published,
            article=article,
            listed=Listed.of(stored),
            body=Markup(article.html),  # noqa: S704 - sanitized by nh3 before it was stored
            condition=STATUSES[stored.status],
            cuts=cuts,
            unseen=sum(not cut.text for cut in article.cuts),
            doubts=by_block(article.doubts, article.title),
            ruled=ruled,
            is_kept=not pending or self._store.payload(stored.payload, article.source) is not None,
            original=self._store.article(stored.duplicate_of) if stored.duplicate_of else None,
            reason_length=REASON_LENGTH,
            note_length=NOTE_LENGTH,
        )

    def release(self, article_id: str) -> Response:
        """Publish a held article as it was cleaned."""

        def act(stored: StoredArticle) -> Said:
            self._store.set_status(article_id, "live", of=("held", "discarded"))
            return Said("Published." + standing(self._desk, {EVERY_TOPIC, *stored.topics}))

        return self._act_on(article_id, act)

    def discard(self, article_id: str) -> Response:
        """Give a held article up."""

        def act(_: StoredArticle) -> Said:
            self._store.set_status(article_id, "discarded", of=("held",))
            return Said("Discarded. It waits no more, and is not published unless its source changes it.")

        return self._act_on(article_id, act)

    def restore(self, article_id: str) -> Response:
        """Put a text that was cut back for good."""

        def act(stored: StoredArticle) -> Said:
            article, block = stored.published.article, request.form.get("block", "")
            cut = by_block(article.cuts, article.title).get(block)
            if cut is None:
                raise UsageError("This text is not cut from the article any more.")
            scope = EVERYWHERE if "everywhere" in request.form else article.source
            return ruled(self._desk, scope, block, cut.text, "keep")

        return self._act_on(article_id, act)

    def kill(self, article_id: str) -> Response:
        """Withdraw it everywhere, with all its copies."""

        def act(_: StoredArticle) -> Said:
            done = self._store.kill(article_id, request.form.get("reason", ""), self._now())
            told = "partners are told so, and why" if done.told else "partners have never seen it, and are told nothing"
            return Said(f"Killed{_copies(done)}: {told}." + standing(self._desk, done.topics))

        return self._act_on(article_id, act)

    def revive(self, article_id: str) -> Response:
        """Take its withdrawal back."""

        def act(_: StoredArticle) -> Said:
            done = self._store.revive(article_id, self._now())
            said = f"Taken back{_copies(done)}: it is as its source tells it by now."
            return Said(said + standing(self._desk, done.topics))

        return self._act_on(article_id, act)

    def correct(self, article_id: str) -> Response:
        """Put a note below it."""

        def act(_: StoredArticle) -> Said:
            done = self._store.correct(article_id, request.form.get("note", ""), self._now())
            return Said("The note stands below it." + standing(self._desk, done.topics))

        return self._act_on(article_id, act)

    def uncorrect(self, article_id: str) -> Response:
        """Take its last note back."""

        def act(_: StoredArticle) -> Said:
            done = self._store.uncorrect(article_id, self._now())
            return Said("The last note is taken back." + standing(self._desk, done.topics))

        return self._act_on(article_id, act)

    def _act_on(self, article_id: str, act: Callable[[StoredArticle], Said]) -> Response:
        stored = self._found(article_id)
        return decided(self._desk, lambda: act(stored), lambda: self.article(article_id))

    def _found(self, article_id: str) -> StoredArticle:
        stored = self._store.article(article_id)
        if stored is None:
            raise NotFound("There is no such article.")
        return stored


def _copies(done: Withdrawal) -> str:
    copies = len(done.articles) - 1
    return f" with {copies} {'copy' if copies == 1 else 'copies'}" if copies else ""
