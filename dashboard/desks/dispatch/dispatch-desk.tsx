/** The dispatcher's desk: its pages, the way from one to another, and what holds for all of them. */
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { Link, usePath } from '../../app/router.tsx';
import { useTexts } from '../../shared/i18n/index.ts';
import { DayProvider } from './day/day-context.tsx';
import { DeskLine } from './frame/desk-line.tsx';
import { addressOfPage, pageNames, pageOf, type Page } from './frame/pages.ts';
import './dispatch.css';

const pages: Readonly<Record<Page, LazyExoticComponent<ComponentType>>> = {
	day: lazy(() => import('./day/day-page.tsx')),
	plan: lazy(() => import('./planning/planning-page.tsx')),
	requests: lazy(() => import('./registry/requests-page.tsx')),
	intake: lazy(() => import('./intake/intake-page.tsx')),
	resources: lazy(() => import('./registry/resources-page.tsx')),
	coverage: lazy(() => import('./coverage/coverage-page.tsx')),
	paper: lazy(() => import('./paper/paper-page.tsx')),
};

export default function DispatchDesk() {
	const { t } = useTexts();
	const page = pageOf(usePath());
	const Shown = pages[page];
	return (
		<DayProvider>
			<div className="dispatch-frame">
				<div className="desk-head">
					<nav className="pages" aria-label={t('shell.nav.label')}>
						{pageNames.map((name) => (
							<Link key={name} to={addressOfPage(name)} {...(name === page && { current: true })}>
								{t(`shell.nav.${name}`)}
							</Link>
						))}
					</nav>
					<DeskLine />
				</div>
				<Suspense fallback={<p className="page-loading">{t('app.loading')}</p>}>
					<Shown />
				</Suspense>
			</div>
		</DayProvider>
	);
}
