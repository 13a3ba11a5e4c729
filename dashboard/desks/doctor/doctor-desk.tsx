/** The doctor's desk: how is this patient now, and can what is shown be trusted. */
import { useEffect } from 'react';
import type { Vehicle } from '@junkai/contracts';
import { navigate, usePath } from '../../app/router.tsx';
import { formatDuration } from '../../shared/i18n/format.ts';
import { useTexts } from '../../shared/i18n/index.ts';
import { useFleet, useLive, useServerNow, useSubscription } from '../../shared/live/live-context.tsx';
import { nearestPlace, type Place } from '../../shared/map/nearest-place.ts';
import { useRegion } from '../../shared/map/use-region.ts';
import { StateMark } from '../../shared/ui/state-mark.tsx';
import { Queue } from './queue/queue.tsx';
import { Cover, useReach } from './reach.tsx';
import { Tiles } from './tiles.tsx';
import { TracePanel } from './traces/trace-panel.tsx';
import { usePatient, type Patient } from './use-patient.ts';
import './doctor.css';
import './traces/traces.css';

const chosenOf = (path: string): string | null => decodeURIComponent(path.split('/')[2] ?? '') || null;

export default function DoctorDesk() {
	const { t } = useTexts();
	const chosen = chosenOf(usePath());
	useSubscription([
		{ vehicles: '*', kinds: ['vehicle'] },
		...(chosen === null ? [] : [{ vehicles: [chosen], kinds: ['reading' as const, 'waveform' as const, 'event' as const] }]),
	]);
	const fleet = useFleet();
	const { places } = useRegion();
	const vehicle = fleet.vehicles.find((v) => v.id === chosen);
	// An address of a van that is not there leads back to the list.
	const lost = chosen !== null && fleet.phase === 'ready' && vehicle === undefined;
	useEffect(() => {
		if (lost) navigate('/doctor', true);
	}, [lost]);
	return (
		<main className={chosen === null ? 'doctor' : 'doctor doctor-looking'}>
			<div className="doctor-side">
				<Queue chosen={chosen} />
				<VanChoice chosen={chosen} places={places} />
			</div>
			{vehicle === undefined ? (
				<div className="doctor-empty">
					<p>{t('doctor.choose')}</p>
					<p className="quiet">{t('doctor.chooseHint')}</p>
					<p className="informational">{t('doctor.informational')}</p>
				</div>
			) : (
				<PatientView key={vehicle.id} vehicle={vehicle} delay={fleet.delays.get(vehicle.id) ?? null} places={places} />
			)}
		</main>
	);
}

function placeOf(vehicle: Vehicle, places: readonly Place[], language: 'ja' | 'en'): string | null {
	const fix = vehicle.position;
	return fix?.lat === undefined || fix.lon === undefined ? null : nearestPlace(places, fix.lon, fix.lat, language);
}

function VanChoice({ chosen, places }: { chosen: string | null; places: readonly Place[] }) {
	const { t, language } = useTexts();
	const { reload } = useLive();
	const { vehicles, phase } = useFleet();
	const now = useServerNow();
	const rows = vehicles.toSorted((a, b) => a.name.localeCompare(b.name, 'ja', { numeric: true }));
	return (
		<nav className="van-choice" aria-label={t('doctor.vans')}>
			<h2>{t('doctor.vans')}</h2>
			{phase === 'loading' && <p className="quiet">{t('app.loading')}</p>}
			{phase === 'failed' && (
				<p className="quiet" role="alert">
					{t('dispatch.loadFailed')}{' '}
					<button type="button" onClick={reload}>
						{t('app.retry')}
					</button>
				</p>
			)}
			{phase === 'ready' && rows.length === 0 && <p className="quiet">{t('dispatch.none')}</p>}
			<ul>
				{rows.map((v) => {
					const place = placeOf(v, places, language);
					const { state, cause, since } = v.link;
					const word = state === 'offline' && cause === 'farewell' ? t('link.farewell') : t(`link.${state}`);
					return (
						<li key={v.id}>
							<button type="button" data-van={v.id} aria-current={v.id === chosen} onClick={() => navigate(`/doctor/${v.id}`)}>
								<StateMark kind={state === 'online' ? 'good' : state === 'offline' && cause !== 'farewell' ? 'bad' : 'off'} />
								<span className="van-name">{v.name}</span>
								<span className="van-link">
									{word}
									{state === 'offline' && since !== null && ` ${formatDuration(now - since, language)}`}
								</span>
								<span className="van-place">{place === null ? t('doctor.noPlace') : t('doctor.near', { place })}</span>
							</button>
						</li>
					);
				})}
			</ul>
		</nav>
	);
}

interface ViewProps {
	vehicle: Vehicle;
	delay: number | null;
	places: readonly Place[];
}

function PatientView({ vehicle, delay, places }: ViewProps) {
	const { t, language } = useTexts();
	const patient = usePatient(vehicle.id);
	const place = placeOf(vehicle, places, language);
	const { link } = vehicle;
	return (
		<>
			<header className="patient-bar">
				<button type="button" className="leave" onClick={() => navigate('/doctor')}>
					← {t('doctor.leave')}
				</button>
				<h1>{vehicle.name}</h1>
				<p>{place === null ? t('doctor.noPlace') : t('doctor.near', { place })}</p>
				<p className="patient-link">
					<StateMark kind={link.state === 'online' ? 'good' : 'bad'} />
					{link.state === 'online' && delay !== null
						? t('doctor.linkGood', { delay: Math.max(0, Math.round(delay)) })
						: t(`link.${link.state}`)}
				</p>
				<p className="informational">{t('doctor.informational')}</p>
			</header>
			{patient !== null && <Vitals patient={patient} vehicle={vehicle} />}
		</>
	);
}

function Vitals({ patient, vehicle }: { patient: Patient; vehicle: Vehicle }) {
	const reach = useReach(patient, vehicle);
	return (
		<>
			<div className="trace-stage">
				<TracePanel patient={patient} vehicle={vehicle} />
				{reach.state !== 'good' && <Cover reach={reach} />}
			</div>
			<Tiles patient={patient} vehicle={vehicle} held={reach.state !== 'good'} />
		</>
	);
}
