import { useEffect, useReducer, useRef, useState } from 'react';
import { signals, type Signal, type Vehicle } from '@junkai/contracts';
import { formatDuration } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useLive, useServerNow } from '../../../shared/live/live-context.tsx';
import { frameMeter } from '../diagnostics.ts';
import type { Patient } from '../use-patient.ts';
import { SweepPainter, type SweepLook } from './sweep-painter.ts';
import type { Lane, TraceStore } from './trace-store.ts';

const colors: Readonly<Record<Signal, string>> = { ecg: '#3ddc6b', pleth: '#35d6e6', respiration: '#f2d43d' };
const speeds = [12.5, 25, 50] as const;
const mostLeads = 4;

const lookOf = (signal: Signal, speed: number): SweepLook => ({
	color: colors[signal],
	late: '#c9b6ff',
	lateBand: 'rgb(140 110 255 / 0.22)',
	quiet: 'rgb(255 255 255 / 0.16)',
	speed,
});

/** Runs the sweep for all painters, once a frame of the screen. */
class Conductor {
	readonly painters = new Set<SweepPainter>();
	private readonly store: TraceStore;
	private request = 0;
	constructor(store: TraceStore) {
		this.store = store;
	}
	head(): number | null {
		return this.store.playout.head();
	}
	start(): () => void {
		let second = performance.now();
		let frames = 0;
		let cost = 0;
		const step = () => {
			this.request = requestAnimationFrame(step);
			const now = performance.now();
			this.draw(now);
			frames++;
			cost += performance.now() - now;
			if (now - second >= 1000) {
				frameMeter.framesPerSecond = Math.round((frames * 1000) / (now - second));
				frameMeter.frameCost = cost / frames;
				second = now;
				frames = 0;
				cost = 0;
			}
		};
		this.request = requestAnimationFrame(step);
		return () => cancelAnimationFrame(this.request);
	}
	private draw(now: number): void {
		const moved = this.store.playout.advance(now);
		const repairs = this.store.takeRepairs();
		if (moved === null) return;
		for (const painter of this.painters) {
			for (const { lane, from, to } of repairs) if (lane === painter.lane.key) painter.repair(from, to);
			painter.frame(moved.head, moved.jumped);
		}
	}
}

/** The lanes of a store by signal; renewed when one is new. */
function useLanes(store: TraceStore): Lane[] {
	const [, changed] = useReducer((n: number) => n + 1, 0);
	useEffect(() => store.onLanes(changed), [store]);
	return [...store.lanes.values()];
}

interface Chosen {
	lane: Lane;
	channel: string;
}

/** Lead II first, as bedside monitors do; a chest lead beside it where there is one. */
function usualLeads(channels: readonly string[]): string[] {
	const wished = ['II', 'V5', 'V1', 'V', 'I'].filter((lead) => channels.includes(lead));
	return (wished.length > 0 ? wished : channels).slice(0, 2);
}

export function TracePanel({ patient, vehicle }: { patient: Patient; vehicle: Vehicle }) {
	const { t } = useTexts();
	const { traces } = patient;
	const lanes = useLanes(traces);
	const [speed, setSpeed] = useState<number>(25);
	const [leads, setLeads] = useState<string[] | null>(null);
	const [ports, setPorts] = useState<Partial<Record<Signal, string>>>({});
	const [conductor] = useState(() => new Conductor(traces));
	useEffect(() => conductor.start(), [conductor]);

	const rows: Chosen[] = [];
	const sources: { signal: Signal; lanes: Lane[] }[] = [];
	let available: string[] = [];
	let drawn: string[] = [];
	for (const signal of signals) {
		const all = lanes.filter((lane) => lane.signal === signal).toSorted((a, b) => a.key.localeCompare(b.key));
		const lane = all.find((l) => l.port === ports[signal]) ?? all[0];
		if (lane === undefined) continue;
		if (all.length > 1) sources.push({ signal, lanes: all });
		const channels = [...(lane.streams.at(-1)?.shape.channels ?? [])];
		if (signal !== 'ecg') rows.push(...channels.slice(0, 1).map((channel) => ({ lane, channel })));
		else {
			available = channels;
			drawn = (leads ?? usualLeads(channels)).filter((lead) => channels.includes(lead));
			if (drawn.length === 0) drawn = usualLeads(channels);
			rows.push(...channels.filter((channel) => drawn.includes(channel)).map((channel) => ({ lane, channel })));
		}
	}
	const toggle = (lead: string) => {
		const next = drawn.includes(lead) ? drawn.filter((l) => l !== lead) : [...drawn, lead].slice(-mostLeads);
		if (next.length > 0) setLeads(next);
	};

	return (
		<section className="traces">
			<div className="trace-tools">
				{available.length > 1 && (
					<div role="group" aria-label={t('trace.leads')} className="choice">
						<span>{t('trace.leads')}</span>
						{available.map((lead) => (
							<button key={lead} type="button" aria-pressed={drawn.includes(lead)} onClick={() => toggle(lead)}>
								{lead}
							</button>
						))}
					</div>
				)}
				{sources.map(({ signal, lanes: all }) => (
					<label key={signal}>
						{t(`trace.${signal}`)}
						<select value={ports[signal] ?? all[0]?.port ?? ''} onChange={(e) => setPorts({ ...ports, [signal]: e.target.value })}>
							{all.map((lane) => (
								<option key={lane.key} value={lane.port ?? ''}>
									{vehicle.devices.find((d) => d.port === lane.port)?.label ?? lane.port}
								</option>
							))}
						</select>
					</label>
				))}
				<div role="group" aria-label={t('trace.speed')} className="choice">
					<span>{t('trace.speed')}</span>
					{speeds.map((s) => (
						<button key={s} type="button" aria-pressed={s === speed} onClick={() => setSpeed(s)}>
							{s}
						</button>
					))}
					<span>mm/s</span>
				</div>
			</div>
			<div className="trace-rows">
				{rows.map(({ lane, channel }) => (
					<TraceRow
						key={`${lane.key}/${channel}`}
						lane={lane}
						channel={channel}
						speed={speed}
						conductor={conductor}
						vehicle={vehicle}
					/>
				))}
				{rows.length === 0 && <WaitingRow />}
			</div>
			<p className="trace-legend">
				<span className="key-late">{t('doctor.late')}</span>
				<span className="key-gap">{t('doctor.gap')}</span>
				<PlayoutFact patient={patient} vehicle={vehicle} />
			</p>
		</section>
	);
}

function WaitingRow() {
	const { t } = useTexts();
	const [long, setLong] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLong(true), 8000);
		return () => clearTimeout(timer);
	}, []);
	return <p className="trace-waiting">{t(long ? 'trace.none' : 'trace.waiting')}</p>;
}

interface RowProps extends Chosen {
	speed: number;
	conductor: Conductor;
	vehicle: Vehicle;
}

function TraceRow({ lane, channel, speed, conductor, vehicle }: RowProps) {
	const { t, language } = useTexts();
	const box = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	useServerNow(500);
	useEffect(() => {
		if (canvas.current === null || box.current === null) return;
		const painter = new SweepPainter(canvas.current, lane, channel, lookOf(lane.signal, speed));
		const observer = new ResizeObserver(([entry]) => {
			if (entry !== undefined) painter.resize(entry.contentRect.width, entry.contentRect.height);
		});
		observer.observe(box.current);
		conductor.painters.add(painter);
		return () => {
			observer.disconnect();
			conductor.painters.delete(painter);
		};
	}, [lane, channel, speed, conductor]);

	const signal = t(`trace.${lane.signal}`);
	const unit = lane.streams.at(-1)?.shape.unit;
	const scale = unit === 'mV' ? 'trace.calibrated' : lane.signal === 'ecg' ? 'trace.uncalibrated' : 'trace.scaled';
	const device = vehicle.devices.find((d) => d.port === lane.port);
	const fault = vehicle.link.state === 'online' && (device?.state === 'lost' || device?.state === 'silent') ? device : null;
	const silence = lane.heard === null ? 0 : performance.now() - lane.heard;
	const single = channel.toLowerCase() === lane.signal || channel === 'ECG';
	return (
		<div className={`trace-row trace-${lane.signal}`}>
			<div className="trace-box" ref={box}>
				<canvas ref={canvas} role="img" aria-label={t('trace.label', { signal, channel })} />
			</div>
			<p className="trace-name">
				<b>
					{signal}
					{!single && ` ${channel}`}
				</b>
				<small>{t(scale)}</small>
			</p>
			{fault !== null ? (
				<p className="trace-fault">
					{t(fault.state === 'lost' ? 'doctor.deviceLost' : 'doctor.deviceSilent', { device: fault.label })}
				</p>
			) : silence > 3000 ? (
				<p className="trace-silence">{t('doctor.noDataFor', { age: formatDuration(silence, language) })}</p>
			) : (
				withoutSignal(lane, channel, conductor.head()) && (
					<p className="trace-nosignal">
						<span>{t('trace.signalLost')}</span>
					</p>
				)
			)}
		</div>
	);
}

/** Whether the device has sent nothing but gaps lately: its sensor is off. */
function withoutSignal(lane: Lane, channel: string, head: number | null): boolean {
	const stream = lane.streams.at(-1);
	if (stream === undefined || head === null) return false;
	const from = stream.indexAt(head - 2500);
	return stream.start < from && stream.extent(stream.shape.channels.indexOf(channel), from, stream.indexAt(head) + 1) === null;
}

/** How far behind the patient this screen is, by both clocks where the van's is good. */
function PlayoutFact({ patient, vehicle }: { patient: Patient; vehicle: Vehicle }) {
	const { t } = useTexts();
	const { client } = useLive();
	useServerNow();
	const { playout } = patient.traces;
	const head = playout.head();
	const buffered = playout.buffered();
	if (head === null || buffered === null) return null;
	const trusted = vehicle.clock === 'gnss' || vehicle.clock === 'holdover' || vehicle.clock === 'ntp';
	const behind = client.clock.now() - head;
	return (
		<span className="playout" data-testid="playout">
			{trusted && behind > 0 && behind < 30_000
				? t('doctor.playout', { delay: (behind / 1000).toFixed(1) })
				: t('doctor.playoutUnknown', { delay: (buffered / 1000).toFixed(1) })}
		</span>
	);
}
