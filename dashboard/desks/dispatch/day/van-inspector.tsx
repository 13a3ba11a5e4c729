import { lanes, type Publication, type Vehicle, type VehicleEstimate } from '@junkai/contracts';
import {
	formatCount,
	formatDuration,
	formatHeading,
	formatBytes,
	formatMoment,
	formatTimeWithSeconds,
	toKilometresPerHour,
} from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { nearestPlace, type Place } from '../../../shared/map/nearest-place.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { attentionOf, fixOldAfter, silentAfter } from './attention.ts';
import { EventLog } from './event-log.tsx';
import { Fact, PanelHead } from './panel.tsx';
import { ReportForm } from './report-form.tsx';
import { RoutePanel } from './route-panel.tsx';
import type { RouteView } from './route-view.ts';
import { attentionText, portMark, urgencyMark, vanMark, vanState } from './words.ts';

interface Props {
	vehicle: Vehicle;
	delay: number | null;
	/** Wall clock of the server, by which what the van sent is aged. */
	now: number;
	/** Service time, by which plan and visits go. */
	serviceNow: number;
	places: readonly Place[];
	/** The van's route in the plan that holds. */
	view: RouteView | null;
	estimate: VehicleEstimate | null;
	publication: Publication | null;
	onShow: () => void;
	onShowRoute: () => void;
	onClose: () => void;
}

export function VanInspector(props: Props) {
	const { vehicle, delay, now, serviceNow, places, view, estimate, publication, onShow, onShowRoute, onClose } = props;
	const { t, language } = useTexts();
	const items = attentionOf(vehicle, now);
	return (
		<section className="inspector" aria-label={vehicle.name} data-testid="inspector">
			<PanelHead
				title={vehicle.name}
				mark={vanMark(vehicle, items)}
				onShow={vehicle.position === null ? undefined : onShow}
				onClose={onClose}
			>
				{items.length === 0 && <p>{vanState(t, vehicle, now)}</p>}
			</PanelHead>
			{items.length > 0 && (
				<ul className="attentions">
					{items.map((item) => (
						<li key={`${item.kind}${item.device ?? ''}`} className={`attention-${item.urgency}`}>
							<StateMark kind={urgencyMark[item.urgency]} />
							{attentionText(t, item, now, language)}
						</li>
					))}
				</ul>
			)}
			{view !== null && <RoutePanel view={view} estimate={estimate} now={serviceNow} onShow={onShowRoute} />}
			{view !== null && <Receipt vehicle={vehicle.id} publication={publication} />}
			{view !== null && view.stops.length > 1 && <ReportForm view={view} now={serviceNow} />}
			<LinkFacts vehicle={vehicle} delay={delay} now={now} />
			<PositionFacts vehicle={vehicle} now={now} places={places} />
			<Devices vehicle={vehicle} now={now} />
			<Spool vehicle={vehicle} now={now} />
			<EventLog vehicle={vehicle.id} now={now} />
			<p className="footnote">
				{t('inspector.software')} {vehicle.software ?? t('inspector.unknown')}
			</p>
		</section>
	);
}

/** Whether the van has the plan that holds. */
function Receipt({ vehicle, publication }: { vehicle: string; publication: Publication | null }) {
	const { t } = useTexts();
	const receipt = publication?.receipts.find((one) => one.vehicle === vehicle);
	if (publication === null || receipt === undefined) return null;
	const { sent, received, changed } = receipt;
	const word = received !== null ? 'received' : sent !== null ? 'sent' : changed ? 'waiting' : 'unchanged';
	return (
		<p className="receipt">
			<StateMark kind={received !== null ? 'good' : changed ? 'warn' : 'off'} />{' '}
			{t(`day.receipt.${word}`, { revision: publication.revision })}
		</p>
	);
}

function LinkFacts({ vehicle: { link, clock }, delay, now }: { vehicle: Vehicle; delay: number | null; now: number }) {
	const { t, language } = useTexts();
	const silent = link.state === 'online' && link.lastSeen !== null && now - link.lastSeen > silentAfter;
	const word = silent
		? t('link.silent')
		: link.cause === 'farewell' && link.state === 'offline'
			? t('link.farewell')
			: t(`link.${link.state}`);
	const mark =
		link.state === 'online' ? (silent ? 'warn' : 'good') : link.state === 'offline' && link.cause !== 'farewell' ? 'bad' : 'off';
	return (
		<dl>
			<Fact name={t('inspector.link')}>
				<span className="together">
					<StateMark kind={mark} /> {word}
				</span>
				{link.since !== null && <small>{t('link.since', { time: formatMoment(link.since, now, language) })}</small>}
			</Fact>
			<Fact name={t('inspector.lastHeard')}>
				{link.lastSeen === null ? t('inspector.unknown') : t('map.ago', { age: formatDuration(now - link.lastSeen, language) })}
				{link.state === 'online' && delay !== null && (
					<small>
						{t('inspector.delay')} {formatCount(Math.max(0, Math.round(delay)))} ms
					</small>
				)}
			</Fact>
			<Fact name={t('inspector.clock')}>
				{clock === 'unsynchronised' && <StateMark kind="warn" />} {t(`clock.${clock ?? 'none'}`)}
			</Fact>
		</dl>
	);
}

function PositionFacts({ vehicle, now, places }: { vehicle: Vehicle; now: number; places: readonly Place[] }) {
	const { t, language } = useTexts();
	const fix = vehicle.position;
	if (fix === null || fix.lat === undefined || fix.lon === undefined) {
		return (
			<>
				<h3>{t('inspector.position')}</h3>
				<p className="quiet">{t('inspector.noPosition')}</p>
			</>
		);
	}
	const age = now - fix.time;
	const old = age > fixOldAfter;
	const place = nearestPlace(places, fix.lon, fix.lat, language);
	return (
		<>
			<h3>{t('inspector.position')}</h3>
			<dl>
				<Fact name={t('inspector.fixAge')}>
					{old && <StateMark kind="warn" />} {t('map.ago', { age: formatDuration(age, language) })}{' '}
					<small>{formatTimeWithSeconds(fix.time)}</small>
				</Fact>
				{place !== null && (
					<Fact name={t('inspector.place')} quiet={old}>
						{place}
					</Fact>
				)}
				<Fact name={t('inspector.speed')} quiet={old}>
					{fix.speed === undefined ? t('inspector.unknown') : t('map.kmh', { speed: toKilometresPerHour(fix.speed) })}
				</Fact>
				<Fact name={t('inspector.heading')} quiet={old}>
					{fix.track === undefined ? t('inspector.unknown') : `${formatHeading(fix.track, language)} ${Math.round(fix.track)}°`}
				</Fact>
				<Fact name={t('inspector.fix')} quiet={old}>
					{t(fix.mode === 3 ? 'inspector.fix3' : 'inspector.fix2')}
					{fix.satellitesUsed !== undefined && <small>{t('inspector.satellites', { count: fix.satellitesUsed })}</small>}
				</Fact>
				<Fact name={t('inspector.coordinates')} quiet={old}>
					{fix.lat.toFixed(5)}, {fix.lon.toFixed(5)}
				</Fact>
			</dl>
			{fix.untrusted !== undefined && <p className="quiet">{t('inspector.untrusted', { reason: fix.untrusted })}</p>}
		</>
	);
}

function Devices({ vehicle, now }: { vehicle: Vehicle; now: number }) {
	const { t, language } = useTexts();
	const { devices, statusTime, link } = vehicle;
	const old = link.state !== 'online';
	return (
		<>
			<h3>
				{t('inspector.devices')}
				{old && statusTime !== null && <small>{t('inspector.asOf', { time: formatMoment(statusTime, now, language) })}</small>}
			</h3>
			{devices.length === 0 ? (
				<p className="quiet">{t('inspector.noDevices')}</p>
			) : (
				<ul className={old ? 'devices devices-old' : 'devices'}>
					{devices.map((d) => (
						<li key={d.port}>
							<StateMark kind={old ? 'off' : portMark[d.state]} />
							<span>{d.label}</span>
							<b>{t(`port.${d.state}`)}</b>
							<small>
								{d.reason !== undefined && <>{d.reason} · </>}
								{d.lastData === undefined
									? t('inspector.noData')
									: t('inspector.lastData', { age: formatDuration(now - d.lastData, language) })}
								{d.badChecksums > 0 && <> · {t('inspector.errors', { count: d.badChecksums })}</>}
							</small>
						</li>
					))}
				</ul>
			)}
		</>
	);
}

function Spool({ vehicle: { spool, statusTime }, now }: { vehicle: Vehicle; now: number }) {
	const { t, language } = useTexts();
	if (spool === null) {
		return (
			<>
				<h3>{t('inspector.spool')}</h3>
				<p className="quiet">{t('inspector.spoolUnknown')}</p>
			</>
		);
	}
	const waiting = spool.pending.urgent + spool.pending.numeric + spool.pending.waveform;
	return (
		<>
			<h3>
				{t('inspector.spool')}
				{statusTime !== null && now - statusTime > silentAfter && (
					<small>{t('inspector.asOf', { time: formatMoment(statusTime, now, language) })}</small>
				)}
			</h3>
			<dl>
				{lanes.map((lane) => (
					<Fact key={lane} name={t(`inspector.lane.${lane}`)}>
						{formatCount(spool.pending[lane])}
					</Fact>
				))}
				{spool.oldest !== undefined && waiting > 0 && (
					<Fact name={t('inspector.oldest')}>{t('map.ago', { age: formatDuration(now - spool.oldest, language) })}</Fact>
				)}
				<Fact name={t('inspector.storage')}>
					{spool.free === undefined
						? formatBytes(spool.bytes)
						: t('inspector.storageValue', { used: formatBytes(spool.bytes), free: formatBytes(spool.free) })}
				</Fact>
			</dl>
		</>
	);
}
