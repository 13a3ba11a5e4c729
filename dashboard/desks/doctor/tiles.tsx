import { useSyncExternalStore, type ReactNode } from 'react';
import { readingCodes, type AbsentReason, type ReadingCode, type Vehicle } from '@junkai/contracts';
import { formatDuration, formatTime, type Language } from '../../shared/i18n/format.ts';
import { useTexts } from '../../shared/i18n/index.ts';
import { useServerNow } from '../../shared/live/live-context.tsx';
import type { Numerics, Shown } from './numerics.ts';
import type { Patient } from './use-patient.ts';

/** Reasons that lie with the device and its sensor, not with the patient or the moment. */
const deviceFaults: ReadonlySet<AbsentReason> = new Set([
	'sensor-disconnected',
	'sensor-off',
	'no-finger',
	'lead-off',
	'cuff-loose',
	'cuff-wrong-size',
	'device-error',
]);

function unitOf(code: ReadingCode, language: Language): string {
	const { unit } = readingCodes[code];
	if (unit === '/min') return language === 'ja' ? '/分' : '/min';
	return unit === 'Cel' ? '°C' : unit === 'mm[Hg]' ? 'mmHg' : unit;
}

function formatValue(code: ReadingCode, value: number): string {
	return value.toFixed(code === 'body-temperature' ? 1 : code === 'st-level' ? 2 : 0);
}

/** Tiles that stand there from the start; the others appear when a device speaks of them. */
const always: readonly ReadingCode[] = ['heart-rate', 'spo2', 'pulse-rate', 'respiratory-rate', 'body-temperature'];
const sometimes: readonly ReadingCode[] = ['st-level'];

/** @param held Nothing can come at the moment: what stands there is the past, whatever its age. */
export function Tiles({ patient, vehicle, held }: { patient: Patient; vehicle: Vehicle; held: boolean }) {
	const { numerics } = patient;
	useSyncExternalStore(numerics.subscribe, numerics.snapshot);
	const now = useServerNow(500);
	const extra = sometimes.filter((code) => {
		const shown = numerics.at(code, now);
		return shown !== null && shown.absent !== 'not-given';
	});
	const tile = (code: ReadingCode) => <Tile key={code} code={code} shown={numerics.at(code, now)} vehicle={vehicle} now={now} />;
	return (
		<section className={held ? 'tiles tiles-held' : 'tiles'} data-testid="tiles">
			{always.map(tile)}
			<PressureTile numerics={numerics} vehicle={vehicle} now={now} />
			{extra.map(tile)}
		</section>
	);
}

/** A fault of the port that this value comes from, in words. */
function usePortFault(vehicle: Vehicle, shown: Shown | null): string | null {
	const { t } = useTexts();
	if (shown === null || vehicle.link.state !== 'online') return null;
	const device = vehicle.devices.find((d) => d.port === shown.port);
	if (device?.state === 'lost') return t('doctor.deviceLost', { device: device.label });
	if (device?.state === 'silent') return t('doctor.deviceSilent', { device: device.label });
	return null;
}

interface FrameProps {
	name: string;
	unit: string;
	kind: string;
	shown: Shown | null;
	fault: string | null;
	now: number;
	/** The big figure, for when there is one. */
	figure: ReactNode;
	foot: ReactNode;
}

/** One tile: a figure, or in its place the words why there is none. */
function Frame({ name, unit, kind, shown, fault, now, figure, foot }: FrameProps) {
	const { t, language } = useTexts();
	const state = shown === null || shown.freshness === 'none' ? 'none' : shown.value === null ? 'absent' : shown.freshness;
	const atSensor = shown?.absent != null && deviceFaults.has(shown.absent);
	const hatched = fault !== null || atSensor;
	const age = shown === null ? '' : formatDuration(now - shown.time, language);
	return (
		<article className={`tile tile-${kind} tile-${state}${hatched ? ' tile-fault' : ''}`} data-state={state}>
			<header>
				<h3>{name}</h3>
				<span>{unit}</span>
			</header>
			{state === 'fresh' || state === 'aging' ? (
				<p className="figure">{figure}</p>
			) : (
				<p className="words">
					{state === 'absent' && shown?.absent != null
						? t(`absent.${shown.absent}`)
						: shown === null
							? t('doctor.noData')
							: t('doctor.noDataFor', { age })}
				</p>
			)}
			<footer>
				{fault !== null && <span className="fault">{fault}</span>}
				{state !== 'none' && foot}
				{shown !== null && shown.questionable.length > 0 && state !== 'none' && (
					<span className="doubt">
						{t('doctor.questionable', { reason: shown.questionable.map((q) => t(`absent.${q}`)).join('・') })}
					</span>
				)}
			</footer>
		</article>
	);
}

function Tile({ code, shown, vehicle, now }: { code: ReadingCode; shown: Shown | null; vehicle: Vehicle; now: number }) {
	const { t, language } = useTexts();
	const fault = usePortFault(vehicle, shown);
	return (
		<Frame
			name={t(`tile.${code as Exclude<ReadingCode, `nibp-${string}`>}`)}
			unit={unitOf(code, language)}
			kind={code}
			shown={shown}
			fault={fault}
			now={now}
			figure={shown?.value == null ? '' : formatValue(code, shown.value)}
			foot={
				shown !== null && (
					<>
						<span className="age">{t('doctor.age', { age: formatDuration(now - shown.time, language) })}</span>
						{shown.others.map((o) => (
							<span key={o.port}>{t('doctor.other', { port: o.port ?? '', value: formatValue(code, o.value) })}</span>
						))}
					</>
				)
			}
		/>
	);
}

/** Blood pressure is one measurement of three values, and belongs to its moment. */
function PressureTile({ numerics, vehicle, now }: { numerics: Numerics; vehicle: Vehicle; now: number }) {
	const { t, language } = useTexts();
	const systolic = numerics.at('nibp-systolic', now);
	const diastolic = together(systolic, numerics.at('nibp-diastolic', now));
	const mean = together(systolic, numerics.at('nibp-mean', now));
	const cuff = numerics.at('cuff-pressure', now);
	const fault = usePortFault(vehicle, systolic);
	return (
		<Frame
			name={t('tile.nibp')}
			unit={unitOf('nibp-systolic', language)}
			kind="nibp"
			shown={systolic}
			fault={fault}
			now={now}
			figure={`${systolic?.value?.toFixed(0) ?? ''}/${diastolic?.value?.toFixed(0) ?? '–'}`}
			foot={
				systolic !== null && (
					<>
						{cuff?.value != null && cuff.freshness === 'fresh' && (
							<span className="cuff">{t('tile.cuff', { value: cuff.value.toFixed(0) })}</span>
						)}
						{mean?.value != null && <span>{t('tile.mean', { value: mean.value.toFixed(0) })}</span>}
						<span className="age">
							{t('doctor.at', { time: formatTime(systolic.time) })} ·{' '}
							{t('doctor.age', { age: formatDuration(now - systolic.time, language) })}
						</span>
					</>
				)
			}
		/>
	);
}

/** A value only stands beside the systolic one when it is of the same measurement. */
function together(systolic: Shown | null, other: Shown | null): Shown | null {
	return systolic !== null && other !== null && systolic.port === other.port && Math.abs(systolic.time - other.time) < 3000
		? other
		: null;
}
