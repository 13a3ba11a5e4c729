import { useId, useRef, useState, type SubmitEvent } from 'react';
import { api, ApiError, type Session } from '../shared/api/rest.ts';
import { useTexts } from '../shared/i18n/index.ts';
import { LanguageSwitch } from '../shared/ui/language-switch.tsx';

type Trouble = 'wrong' | 'missing' | 'tooMany' | 'offline' | 'broken';

function troubleOf(error: unknown): Trouble {
	if (!(error instanceof ApiError)) return 'broken';
	if (error.code === 'offline') return 'offline';
	if (error.status === 429) return 'tooMany';
	return error.code === 'signed-out' || error.code === 'refused' ? 'wrong' : 'broken';
}

export function SignIn({ ended, onSignedIn }: { ended: boolean; onSignedIn: (session: Session) => void }) {
	const { t } = useTexts();
	const id = useId();
	const [username, setUsername] = useState('');
	const [password, setPassword] = useState('');
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [trouble, setTrouble] = useState<Trouble | null>(null);
	const passwordField = useRef<HTMLInputElement>(null);

	const submit = async (event: SubmitEvent) => {
		event.preventDefault();
		if (username.trim() === '' || password === '') return setTrouble('missing');
		setBusy(true);
		setTrouble(null);
		try {
			onSignedIn(await api.signIn(username.trim(), password));
		} catch (error) {
			setTrouble(troubleOf(error));
			setBusy(false);
			passwordField.current?.select();
		}
	};

	return (
		<main className="sign-in">
			<form onSubmit={(event) => void submit(event)} noValidate>
				<header>
					<h1>
						<svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
							<rect width="32" height="32" rx="7" fill="var(--accent)" />
							<path d="M7 20a9 9 0 1 1 5 6.5" fill="none" stroke="var(--on-accent)" strokeWidth="3" strokeLinecap="round" />
							<circle cx="8" cy="24.5" r="2.6" fill="var(--on-accent)" />
						</svg>
						{t('app.name')}
					</h1>
					<p>{t('app.tagline')}</p>
				</header>
				{ended && trouble === null && <p role="status">{t('signIn.ended')}</p>}
				<div className="field">
					<label htmlFor={`${id}u`}>{t('signIn.username')}</label>
					<input
						id={`${id}u`}
						name="username"
						autoComplete="username"
						autoCapitalize="none"
						spellCheck={false}
						autoFocus
						value={username}
						onChange={(e) => setUsername(e.target.value)}
					/>
				</div>
				<div className="field">
					<label htmlFor={`${id}p`}>{t('signIn.password')}</label>
					<input
						id={`${id}p`}
						ref={passwordField}
						name="password"
						type={shown ? 'text' : 'password'}
						autoComplete="current-password"
						value={password}
						onChange={(e) => setPassword(e.target.value)}
						aria-describedby={trouble === null ? undefined : `${id}e`}
						aria-invalid={trouble !== null}
					/>
					<button type="button" className="plain" aria-pressed={shown} onClick={() => setShown(!shown)}>
						{t(shown ? 'signIn.hide' : 'signIn.show')}
					</button>
				</div>
				<p className="trouble" id={`${id}e`} role="alert">
					{trouble !== null && t(`signIn.${trouble}`)}
				</p>
				<button type="submit" className="primary" disabled={busy}>
					{t(busy ? 'signIn.busy' : 'signIn.submit')}
				</button>
			</form>
			<LanguageSwitch />
		</main>
	);
}
