import { PortBroker } from '../device/transports/port-broker';

/** One broker for the whole process: a port has one owner, whoever asks. */
export const portBroker = new PortBroker();
