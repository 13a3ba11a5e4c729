/** Pages that say one thing. */
import type { Role } from '@junkai/contracts';
import type { Session } from '../shared/api/rest.ts';
import { useTexts } from '../shared/i18n/index.ts';
import { homeOf, Link } from './router.tsx';

export function Refused({ session }: { session: Session }) {
	const { t } = useTexts();
	return (
		<main className="page" data-testid="refused">
			<h1>{t('refused.title')}</h1>
			<p>{t('refused.text', { username: session.username, role: t(`role.${session.role}`) })}</p>
			<Link to={homeOf(session.role)} className="button primary">
				{t('refused.go')}
			</Link>
		</main>
	);
}

export function NotFound({ role }: { role: Role }) {
	const { t } = useTexts();
	return (
		<main className="page">
			<h1>{t('notFound.title')}</h1>
			<Link to={homeOf(role)} className="button primary">
				{t('notFound.go')}
			</Link>
		</main>
	);
}

export function OnboardPage() {
	const { t } = useTexts();
	return (
		<main className="page">
			<h1>{t('onboard.title')}</h1>
			<p>{t('onboard.text')}</p>
		</main>
	);
}
