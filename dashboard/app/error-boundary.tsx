import { Component, type ReactNode } from 'react';
import { i18n } from '../shared/i18n/index.ts';

/** Last resort for a page that threw: says so in words, instead of a white screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
	override state = { failed: false };
	static getDerivedStateFromError() {
		return { failed: true };
	}
	override render() {
		if (!this.state.failed) return this.props.children;
		return (
			<main className="page" role="alert">
				<h1>{i18n.t('failed.title')}</h1>
				<p>{i18n.t('failed.text')}</p>
				<button type="button" className="primary" onClick={() => location.reload()}>
					{i18n.t('failed.reload')}
				</button>
			</main>
		);
	}
}
