/** A server as a process for tests that kill it: data folder, HTTP port and MQTT port as arguments. */
import { startServer } from './server.ts';
import { quiet } from './test-support.ts';

const [dataDir = '', httpPort, mqttPort] = process.argv.slice(2);
const server = await startServer({ dataDir, httpPort, mqttPort }, { log: quiet });
process.send?.({ httpPort: server.httpPort, mqttPort: server.mqttPort });
process.once('SIGTERM', () => {
	void server.stop().then(() => process.disconnect?.());
});
