/** The manifest on the van's disk: one small file, replaced as a whole, so that a power cut leaves the old one or the new one. */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { manifest, type Manifest } from '@junkai/contracts';

/** The manifest that was kept; null when there is none. Rejects when the file cannot be read or is not a manifest. */
export async function readManifest(path: string): Promise<Manifest | null> {
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
	return manifest.parse(JSON.parse(text));
}

/** Settles when the manifest is on the disk. What was there before stays when it rejects. */
export async function writeManifest(path: string, kept: Manifest): Promise<void> {
	const next = `${path}.next`;
	const file = await open(next, 'w', 0o600);
	try {
		await file.writeFile(JSON.stringify(kept));
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(next, path);
	// The new name is on the disk only when its folder is.
	const folder = await open(dirname(path), 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}
