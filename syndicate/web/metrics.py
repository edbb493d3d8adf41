"""Metrics for Prometheus, read from the store and from Redis when they are asked for."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from syndicate.errors import StoreError
from syndicate.push.rules import OUTCOMES
from syndicate.store.probe import Probe
from syndicate.web.health import STORE_SECONDS, webhook_counts
from syndicate.web.hub_callback import OUTCOMES as HEARD
from syndicate.web.services import WebServices


class ServiceCollector(Collector):
    """Reads the state of the service at each scrape."""

    def __init__(self, services: WebServices) -> None:
        self._services = services
        self._probe = Probe(services.store)

    def collect(self) -> Iterator[Metric]:
        """All metrics; those of a store that fails are left out, and `syndicate_store_up` says why."""
        served = CounterMetricFamily(
            "syndicate_feed_responses", "Answers of the edge, all processes", labels=["status"]
        )
        for status, count in self._services.tally.everywhere.items():
            served.add_metric([status], float(count))
        yield served
        yield GaugeMetricFamily("syndicate_redis_up", "Whether Redis can be used", float(self._services.cache.takes()))
        try:
            families = list(self._of_store())
        except StoreError:
            families = [GaugeMetricFamily("syndicate_store_up", "Whether the store answers", 0.0)]
        yield from families

    def _of_store(self) -> Iterator[Metric]:
        store = self._services.store
        self._probe.ping(STORE_SECONDS)
        now = self._services.now()
        yield GaugeMetricFamily("syndicate_store_up", "Whether the store answers", 1.0)
        failures = GaugeMetricFamily("syndicate_source_failures", "Failed polls in a row", labels=["source"])
        states = store.sources()
        for state in states:
            if state.status == "active":
                failures.add_metric([state.spec.key], float(state.failures))
        yield failures
        sources = GaugeMetricFamily("syndicate_sources", 'Sources by status; "gone" ended by 410', labels=["status"])
        for status in ("active", "paused", "gone"):
            sources.add_metric([status], float(sum(state.status == status for state in states)))
        yield sources
        beats = GaugeMetricFamily("syndicate_heartbeat_age_seconds", "Since a role was last alive", labels=["role"])
        for role, beat in store.beats().items():
            beats.add_metric([role], (now - beat).total_seconds())
        yield beats
        feeds = GaugeMetricFamily("syndicate_feed_version", "Version of a published feed", labels=["topic", "format"])
        for (topic, format_), (version, _) in store.feed_versions().items():
            feeds.add_metric([topic, format_], float(version))
        yield feeds
        yield from self._of_hub(now)
        yield from self._of_webhooks()
        yield from self._of_sources_hubs(now)

    def _of_sources_hubs(self, now: datetime) -> Iterator[Metric]:
        ours = GaugeMetricFamily("syndicate_source_subscriptions", "Ours at the hubs of sources", labels=["state"])
        for state, number in self._services.store.source_subscription_counts(now).items():
            ours.add_metric([state], float(number))
        yield ours
        told = CounterMetricFamily(
            "syndicate_source_pushes", 'What hubs of sources sent; "ignored" was not signed rightly', labels=["outcome"]
        )
        for outcome, count in self._services.cache.told(HEARD).items():
            told.add_metric([outcome], float(count))
        yield told

    def _of_hub(self, now: datetime) -> Iterator[Metric]:
        if not self._services.settings.hub_url:
            return
        subscriptions = GaugeMetricFamily(
            "syndicate_hub_subscriptions", 'Subscriptions; "failing" are active ones', labels=["state"]
        )
        for state, number in self._services.store.subscription_counts(now).items():
            subscriptions.add_metric([state], float(number))
        yield subscriptions
        pushed = CounterMetricFamily("syndicate_hub_deliveries", "Deliveries, all workers", labels=["outcome"])
        for outcome, count in self._services.cache.pushes(OUTCOMES).items():
            pushed.add_metric([outcome], float(count))
        yield pushed

    def _of_webhooks(self) -> Iterator[Metric]:
        webhooks = GaugeMetricFamily("syndicate_webhooks", 'Webhooks; "ended" ended by 410', labels=["state"])
        for state, number in webhook_counts(self._services.store).items():
            webhooks.add_metric([state], float(number))
        yield webhooks
        sent = CounterMetricFamily("syndicate_webhook_messages", "Messages sent, all workers", labels=["outcome"])
        for outcome, count in self._services.cache.pushes(OUTCOMES, to="webhooks").items():
            sent.add_metric([outcome], float(count))
        yield sent


def blueprint(services: WebServices) -> Blueprint:
    """The route /metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ServiceCollector(services))
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> Response:
        return Response(
            generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        )

    return pages
