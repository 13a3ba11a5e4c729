/** Keys that work anywhere on a page, as long as nobody is typing and no dialog is open. */
import { useEffect, useLayoutEffect, useRef } from 'react';

/** Whether a key that was pressed there belongs to a text. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** @param keys what `KeyboardEvent.key` gives, and what it does; pressed without Ctrl, Alt or ⌘ */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
	const newest = useRef(keys);
	useLayoutEffect(() => {
		newest.current = keys;
	});
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
			if (document.querySelector('dialog[open]') !== null) return;
			const action = Object.hasOwn(newest.current, event.key) ? newest.current[event.key] : undefined;
			if (action === undefined) return;
			event.preventDefault();
			action();
		};
		window.addEventListener('keydown', onKey);
		return () => window.removeEventListener('keydown', onKey);
	}, []);
}
