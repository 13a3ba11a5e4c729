/** What the server counts, in Prometheus' words. One registry a server, so that several can live in one process. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(read: {
	queued: () => number;
	vans: () => number;
	liveClients: () => number;
	liveBytes: () => number;
	optimizeJobs: (state: 'queued' | 'running') => number;
}) {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry });
	const gauge = (name: string, help: string, value: () => number) =>
		new Gauge({
			name,
			help,
			registers,
			collect() {
				this.set(value());
			},
		});
	gauge('junkai_ingest_queued_records', 'Records waiting to be stored.', read.queued);
	gauge('junkai_vans_online', 'Vans whose newest session has not ended.', read.vans);
	gauge('junkai_live_clients', 'Browsers on the live channel.', read.liveClients);
	gauge('junkai_live_waiting_bytes', 'Bytes waiting for browsers to take them.', read.liveBytes);
	gauge('junkai_optimize_running', 'Routing problems that are being solved.', () => read.optimizeJobs('running'));
	gauge('junkai_optimize_queued', 'Routing problems that wait for their turn.', () => read.optimizeJobs('queued'));
	const seconds = { buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], registers };
	return {
		registry,
		/** Totals that the health page shows too. */
		totals: { stored: 0, duplicates: 0, refused: 0 },
		records: new Counter({ name: 'junkai_records_total', help: 'Sound records taken in.', labelNames: ['kind'], registers }),
		stored: new Counter({ name: 'junkai_records_stored_total', help: 'Records stored for the first time.', registers }),
		duplicates: new Counter({ name: 'junkai_records_duplicate_total', help: 'Records that were stored already.', registers }),
		refused: new Counter({
			name: 'junkai_refused_total',
			help: 'Messages and records refused, by reason.',
			labelNames: ['what', 'reason'],
			registers,
		}),
		dropped: new Counter({
			name: 'junkai_ingest_dropped_batches_total',
			help: 'Batches given up unacknowledged because too much was waiting; the vans send them again.',
			registers,
		}),
		storeFailures: new Counter({ name: 'junkai_store_failures_total', help: 'Writes that the store failed.', registers }),
		liveDropped: new Counter({
			name: 'junkai_live_dropped_total',
			help: 'Messages that a browser was too slow for.',
			labelNames: ['kind'],
			registers,
		}),
		commit: new Histogram({ name: 'junkai_commit_seconds', help: 'Duration of one commit to the telemetry store.', ...seconds }),
		ack: new Histogram({ name: 'junkai_ack_seconds', help: 'From arrival of a batch to its acknowledgement.', ...seconds }),
	};
}
