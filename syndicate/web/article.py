"""An article's own address: `/a/{id}`, its guid in every feed. It leads to the original, or shows what has none."""

from flask import Blueprint, Response, render_template
from markupsafe import Markup
from werkzeug.exceptions import Gone, NotFound

from syndicate.render.correction import paragraphs
from syndicate.render.text import web_address
from syndicate.web.fresh import lasting
from syndicate.web.services import WebServices

# The body was sanitized; should anything ever slip through, it still may not run, send or frame anything.
_CSP = (
    "default-src 'none'; style-src 'self'; img-src http: https: data:; media-src http: https:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def blueprint(services: WebServices) -> Blueprint:
    """The route /a/{id}."""
    articles = Blueprint("article", __name__, template_folder="templates")
    settings = services.settings

    @articles.get("/a/<article_id>")
    def article(article_id: str) -> Response:
        stored = services.store.article(article_id)
        if stored is not None and stored.status == "duplicate":  # its guid may be that of what took its place
            stored = services.store.article(stored.duplicate_of)
        if stored is not None and stored.status == "killed":
            raise Gone("This article was withdrawn.")
        if stored is None or stored.status != "live":
            raise NotFound("There is no such article.")
        published = stored.published
        if link := web_address(published.article.link):  # as in feeds: where they lead here, there is none
            answer = Response(status=302, headers={"Location": link})
        else:
            page = render_template(
                "article.html",
                published=published,
                article=published.article,
                body=Markup(published.article.html),  # noqa: S704 - sanitized by nh3 before it was stored
                corrections=Markup(paragraphs(published.corrections, published.article.language)),  # noqa: S704 - ours
                settings=settings,
                root=settings.public_url,
            )
            answer = Response(page, mimetype="text/html")
            answer.headers["X-Robots-Tag"] = "noindex"
            answer.last_modified = published.revised
        answer.headers["Content-Security-Policy"] = _CSP
        return lasting(answer, settings.serve.max_age_seconds)

    return articles
