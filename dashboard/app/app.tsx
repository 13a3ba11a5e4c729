import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { api, ApiError, type Session } from '../shared/api/rest.ts';
import { useTexts } from '../shared/i18n/index.ts';
import { LiveProvider } from '../shared/live/live-context.tsx';
import { TopBar } from './top-bar.tsx';
import { OnboardPage, NotFound, Refused } from './pages.tsx';
import { deskOf, homeOf, mayUse, navigate, usePath } from './router.tsx';
import { SignIn } from './sign-in.tsx';

const DispatchDesk = lazy(() => import('../desks/dispatch/dispatch-desk.tsx'));
const DoctorDesk = lazy(() => import('../desks/doctor/doctor-desk.tsx'));

type Known =
	{ state: 'asking' } | { state: 'nobody'; ended: boolean } | { state: 'unreachable' } | { state: 'in'; session: Session };

export function App() {
	const [known, setKnown] = useState<Known>({ state: 'asking' });
	const path = usePath();

	const ask = useCallback(async (ended: boolean) => {
		try {
			setKnown({ state: 'in', session: await api.whoAmI() });
		} catch (error) {
			if (error instanceof ApiError && error.code === 'signed-out') setKnown({ state: 'nobody', ended });
			else setKnown((before) => (before.state === 'in' ? before : { state: 'unreachable' }));
		}
	}, []);
	useEffect(() => void ask(false), [ask]);

	const role = known.state === 'in' ? known.session.role : null;
	useEffect(() => {
		// Whoever asked for a page, or was signed out on one, comes to it by signing in.
		if (role !== null && (path === '/' || path === '/login')) navigate(homeOf(role), true);
	}, [role, path]);

	if (known.state === 'asking') return <Waiting />;
	if (known.state === 'unreachable') return <Unreachable retry={() => void ask(false)} />;
	if (known.state === 'nobody') {
		return <SignIn ended={known.ended} onSignedIn={(session) => setKnown({ state: 'in', session })} />;
	}
	const { session } = known;
	const desk = deskOf(path);
	const signOut = async () => {
		await api.signOut().catch(() => undefined);
		navigate('/login', true);
		setKnown({ state: 'nobody', ended: false });
	};
	const bar = (live: boolean) => (
		<TopBar
			session={session}
			desk={desk !== null && mayUse(session.role, desk) ? desk : null}
			live={live}
			onSignOut={() => void signOut()}
		/>
	);
	if (path === '/' || path === '/login') return <Waiting />;
	if (desk === null || !mayUse(session.role, desk) || desk === 'onboard') {
		return (
			<>
				{bar(false)}
				{desk === null ? (
					<NotFound role={session.role} />
				) : mayUse(session.role, desk) ? (
					<OnboardPage />
				) : (
					<Refused session={session} />
				)}
			</>
		);
	}
	return (
		<LiveProvider key={`${session.username} ${session.role}`} onEnded={() => void ask(true)}>
			<div className={`desk desk-${desk}`} {...(desk === 'doctor' && { 'data-theme': 'dark' })}>
				{bar(true)}
				<Suspense fallback={<Waiting />}>{desk === 'dispatch' ? <DispatchDesk /> : <DoctorDesk />}</Suspense>
			</div>
		</LiveProvider>
	);
}

function Waiting() {
	const { t } = useTexts();
	return (
		<main className="page quiet" aria-busy="true">
			<p>{t('app.loading')}</p>
		</main>
	);
}

function Unreachable({ retry }: { retry: () => void }) {
	const { t } = useTexts();
	return (
		<main className="page" role="alert">
			<p>{t('signIn.offline')}</p>
			<button type="button" className="primary" onClick={retry}>
				{t('app.retry')}
			</button>
		</main>
	);
}
