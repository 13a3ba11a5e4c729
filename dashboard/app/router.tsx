/** Addresses of the app, by the browser's own history. */
import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';
import type { Role } from '@junkai/contracts';

const changed = new EventTarget();
window.addEventListener('popstate', () => changed.dispatchEvent(new Event('change')));

/** @param to a path, with what follows a `?` if it has any */
export function navigate(to: string, replace = false): void {
	if (to === location.pathname + location.search) return;
	history[replace ? 'replaceState' : 'pushState'](null, '', to);
	changed.dispatchEvent(new Event('change'));
}

/** Sets one part of what follows the `?`, or takes it out; the page stays, and so does the way back to the one before. */
export function setQueryPart(name: string, value: string | null): void {
	const params = new URLSearchParams(location.search);
	if (params.get(name) === value) return;
	if (value === null) params.delete(name);
	else params.set(name, value);
	const text = params.toString();
	navigate(`${location.pathname}${text === '' ? '' : `?${text}`}`, true);
}

function subscribe(listener: () => void) {
	changed.addEventListener('change', listener);
	return () => changed.removeEventListener('change', listener);
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname);

/** One part of what follows the `?`; null when it is not there. */
export const useQueryPart = (name: string): string | null =>
	useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name));

interface LinkProps {
	to: string;
	children: ReactNode;
	className?: string;
	/** It is the page that is shown. */
	current?: boolean;
}

export function Link({ to, children, className, current = false }: LinkProps) {
	const go = (event: MouseEvent) => {
		if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
		event.preventDefault();
		navigate(to);
	};
	return (
		<a href={to} onClick={go} className={className} aria-current={current ? 'page' : undefined}>
			{children}
		</a>
	);
}

export type Desk = 'dispatch' | 'doctor' | 'onboard';

const deskRoles: Readonly<Record<Desk, readonly Role[]>> = {
	dispatch: ['dispatcher', 'admin'],
	doctor: ['doctor'],
	onboard: ['crew'],
};

export const mayUse = (role: Role, desk: Desk): boolean => deskRoles[desk].includes(role);

/** Where a role works. */
export const homeOf = (role: Role): `/${Desk}` => (role === 'doctor' ? '/doctor' : role === 'crew' ? '/onboard' : '/dispatch');

/** First part of the path. */
export function deskOf(path: string): Desk | null {
	const first = path.split('/')[1];
	return first === 'dispatch' || first === 'doctor' || first === 'onboard' ? first : null;
}
