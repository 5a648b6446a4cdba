// A file of its own: what is imported on demand must be a module whose names are known when it is bundled, and `serialport` is CommonJS.
export { SerialPort } from 'serialport';
