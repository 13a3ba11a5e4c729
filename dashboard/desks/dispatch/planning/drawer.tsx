/** A panel that slides in from the side; the browser keeps the focus in it, Escape closes it. */
import { useEffect, useId, useRef, type ReactNode } from 'react';

export function Drawer({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
	const ref = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = ref.current;
		if (dialog !== null && !dialog.open) dialog.showModal();
	}, []);
	return (
		<dialog
			ref={ref}
			className="drawer"
			aria-labelledby={id}
			onClose={onClose}
			onClick={(event) => {
				if (event.target === ref.current) ref.current.close();
			}}
		>
			<div className="drawer-body">
				<h2 id={id}>{title}</h2>
				{children}
			</div>
		</dialog>
	);
}
