import type { Session } from '../shared/api/rest.ts';
import { formatDay, formatDuration, formatTime } from '../shared/i18n/format.ts';
import { useTexts } from '../shared/i18n/index.ts';
import { useLive, useLiveState, useServerNow, useServiceClock, useServiceNow } from '../shared/live/live-context.tsx';
import { LanguageSwitch } from '../shared/ui/language-switch.tsx';
import { ThemeSwitch } from '../shared/ui/theme-switch.tsx';
import type { Desk } from './router.tsx';

interface Props {
	session: Session;
	desk: Desk | null;
	/** Whether the page below has a live channel. */
	live: boolean;
	onSignOut: () => void;
}

export function TopBar({ session, desk, live, onSignOut }: Props) {
	const { t } = useTexts();
	return (
		<>
			<header className="top-bar">
				<p className="brand">
					{t('app.name')}
					{desk !== null && <span>{t(`desk.${desk}`)}</span>}
				</p>
				{live && (desk === 'dispatch' ? <ServiceClockText /> : <Clock />)}
				<div className="top-bar-end">
					<LanguageSwitch />
					{desk !== 'doctor' && <ThemeSwitch />}
					<span className="who">
						{session.username}
						<small>{t(`role.${session.role}`)}</small>
					</span>
					<button type="button" onClick={onSignOut}>
						{t('app.signOut')}
					</button>
				</div>
			</header>
			{live && <LiveNotice />}
		</>
	);
}

function Clock() {
	const { language } = useTexts();
	const now = useServerNow();
	return (
		<p className="clock">
			{formatDay(now, language)} <b>{formatTime(now)}</b>
		</p>
	);
}

/** The time by which the service runs; a demonstration's is told to be one. */
function ServiceClockText() {
	const { t, language } = useTexts();
	const facts = useServiceClock();
	const now = useServiceNow();
	if (facts === null || now === null) return null;
	return (
		<p className="clock" data-testid="service-clock">
			{formatDay(now, language)} <b>{formatTime(now)}</b>
			{facts.simulated && <span className="clock-simulated">{t('shell.clock.simulated', { speed: facts.speed })}</span>}
		</p>
	);
}

/** A bar of its own while the screen is not fed: what is below it is then the past. */
function LiveNotice() {
	const { t, language } = useTexts();
	const { client } = useLive();
	const state = useLiveState();
	useServerNow();
	if (state.phase === 'live' || state.phase === 'signed-out' || state.phase === 'closed') return null;
	const age = formatDuration(Date.now() - state.lostAt, language);
	if (state.phase === 'connecting' && Date.now() - state.lostAt < 2000) return null;
	const next = formatDuration((state.retryAt ?? Date.now()) - Date.now() + 999, language);
	return (
		<div className="live-notice">
			<span className="visually-hidden" role="status">
				{t('trace.serverLost')}
			</span>
			<span aria-hidden="true">✕</span>
			{state.phase === 'connecting'
				? t('live.connecting')
				: state.phase === 'stale'
					? t('live.stale', { age })
					: t('live.waiting', { age, next })}
			<span>{t('live.old', { time: formatTime(state.lostAt) })}</span>
			{state.phase === 'waiting' && (
				<button type="button" onClick={() => client.retryNow()}>
					{t('live.now')}
				</button>
			)}
		</div>
	);
}
