/** The dispatcher's desk: its pages, and the way from one to another. Each page is loaded when it is first opened. */
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { Link, usePath } from '../../app/router.tsx';
import { useTexts } from '../../shared/i18n/index.ts';
import './dispatch.css';

type Page = 'day' | 'plan' | 'requests' | 'intake' | 'resources' | 'coverage' | 'paper';

const pages: Readonly<Record<Page, LazyExoticComponent<ComponentType>>> = {
	day: lazy(() => import('./day/day-page.tsx')),
	plan: lazy(() => import('./planning/planning-page.tsx')),
	requests: lazy(() => import('./registry/requests-page.tsx')),
	intake: lazy(() => import('./intake/intake-page.tsx')),
	resources: lazy(() => import('./registry/resources-page.tsx')),
	coverage: lazy(() => import('./coverage/coverage-page.tsx')),
	paper: lazy(() => import('./paper/paper-page.tsx')),
};
const names = Object.keys(pages) as Page[];

/** The page of an address: `/dispatch` is today, `/dispatch/plan` and what is below it the plans. */
const pageOf = (path: string): Page => names.find((name) => name === path.split('/')[2]) ?? 'day';
const addressOf = (page: Page): string => (page === 'day' ? '/dispatch' : `/dispatch/${page}`);

export default function DispatchDesk() {
	const { t } = useTexts();
	const page = pageOf(usePath());
	const Shown = pages[page];
	return (
		<div className="dispatch-frame">
			<nav className="pages" aria-label={t('shell.nav.label')}>
				{names.map((name) => (
					<Link key={name} to={addressOf(name)} {...(name === page && { current: true })}>
						{t(`shell.nav.${name}`)}
					</Link>
				))}
			</nav>
			<Suspense fallback={<p className="map-message">{t('app.loading')}</p>}>
				<Shown />
			</Suspense>
		</div>
	);
}
