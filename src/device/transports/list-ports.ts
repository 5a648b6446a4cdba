import { ProblemError } from '../../base/problem';
import { portsNotListed } from './problems';
import { loadSerialDriver } from './serial';

export interface PortInfo {
  readonly path: string;
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serialNumber?: string;
  readonly manufacturer?: string;
}

/** Serial ports that the system lists; pseudo terminals and remote ports are not among them and are given by path. @throws ProblemError */
export async function listPorts(): Promise<readonly PortInfo[]> {
  const driver = await loadSerialDriver();
  const id = (hex: string | undefined): number | undefined => (hex ? parseInt(hex, 16) : undefined);
  const ports = await driver.list().catch((error: unknown) => Promise.reject(new ProblemError(portsNotListed(error instanceof Error ? error.message : String(error)))));
  return ports.map((port) => ({
    path: port.path,
    vendorId: id(port.vendorId),
    productId: id(port.productId),
    serialNumber: port.serialNumber,
    manufacturer: port.manufacturer,
  }));
}
