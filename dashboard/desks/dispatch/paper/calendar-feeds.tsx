/** Secret addresses of the doctors' calendars: made, shown once, ended. */
import { useId, useState } from 'react';
import type { CalendarFeed } from '@junkai/contracts';
import { coverageApi } from '../../../shared/api/coverage.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { formatDateTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useRecords } from '../../../shared/records/use-records.ts';
import { useAnswer } from '../coverage/use-answer.ts';

type Step = { doctor: number; kind: 'renew' | 'revoke' };

export function CalendarFeeds() {
	const { t, language } = useTexts();
	const id = useId();
	const doctors = useRecords('doctor');
	const [turn, setTurn] = useState(0);
	const feeds = useAnswer(`feeds ${turn}`, coverageApi.calendarFeeds);
	const [address, setAddress] = useState<{ doctor: number; url: string } | null>(null);
	const [asking, setAsking] = useState<Step | null>(null);
	const [trouble, setTrouble] = useState<string | null>(null);
	const act = async (step: () => Promise<unknown>) => {
		setAsking(null);
		setTrouble(null);
		try {
			await step();
		} catch (error) {
			setTrouble(error instanceof ApiError ? (error.problem?.detail ?? error.code) : '');
		}
		setTurn((n) => n + 1);
	};
	const make = (doctor: number) =>
		act(async () => {
			const { path } = await coverageApi.createCalendarFeed(doctor);
			setAddress({ doctor, url: new URL(path, location.origin).href });
		});
	const revoke = (doctor: number) =>
		act(async () => {
			setAddress(null);
			await coverageApi.revokeCalendarFeed(doctor);
		});
	const feedOf = (doctor: number) => feeds.found?.find((one) => one.doctor === doctor);
	return (
		<section aria-labelledby={`${id}h`} data-testid="calendars">
			<h2 id={`${id}h`}>{t('paper.calendars.title')}</h2>
			<p className="quiet">{t('paper.calendars.text')}</p>
			{trouble !== null && <p role="alert">{t('paper.calendars.failed', { reason: trouble })}</p>}
			{doctors.phase === 'ready' && doctors.items.length === 0 && <p className="paper-empty">{t('paper.calendars.noDoctors')}</p>}
			<ul className="paper-list">
				{doctors.items.map((doctor) => {
					const feed = feedOf(doctor.id);
					return (
						<li key={doctor.id}>
							<span>{doctor.name[language]}</span>
							<FeedWords feed={feed} />
							<span className="paper-actions">
								<button
									type="button"
									onClick={() => (feed ? setAsking({ doctor: doctor.id, kind: 'renew' }) : void make(doctor.id))}
								>
									{t(feed ? 'paper.calendars.renew' : 'paper.calendars.make')}
								</button>
								{feed && (
									<button type="button" onClick={() => setAsking({ doctor: doctor.id, kind: 'revoke' })}>
										{t('paper.calendars.revoke')}
									</button>
								)}
							</span>
							{asking?.doctor === doctor.id && (
								<span className="paper-ask" role="alert">
									{t('paper.calendars.ask')}
									<button type="button" onClick={() => void (asking.kind === 'renew' ? make(doctor.id) : revoke(doctor.id))}>
										{t('paper.calendars.yes')}
									</button>
									<button type="button" onClick={() => setAsking(null)}>
										{t('paper.calendars.no')}
									</button>
								</span>
							)}
							{address?.doctor === doctor.id && <Address url={address.url} name={doctor.name[language]} />}
						</li>
					);
				})}
			</ul>
		</section>
	);
}

function FeedWords({ feed }: { feed: CalendarFeed | undefined }) {
	const { t, language } = useTexts();
	if (feed === undefined) return <small>{t('paper.calendars.none')}</small>;
	return (
		<small>
			{t('paper.calendars.made', { time: formatDateTime(feed.created, language), by: feed.createdBy })} ·{' '}
			{feed.used === null ? t('paper.calendars.unused') : t('paper.calendars.used', { time: formatDateTime(feed.used, language) })}
		</small>
	);
}

function Address({ url, name }: { url: string; name: string }) {
	const { t } = useTexts();
	const id = useId();
	const [copied, setCopied] = useState(false);
	return (
		<span className="paper-address">
			<label htmlFor={id}>{t('paper.calendars.address', { name })}</label>
			<input id={id} readOnly value={url} onFocus={(event) => event.target.select()} />
			<button type="button" onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}>
				{t(copied ? 'paper.calendars.copied' : 'paper.calendars.copy')}
			</button>
		</span>
	);
}
