// Loaded before each program: a connection to anywhere ends it.  Pipes of child processes do not connect.
import dgram from "node:dgram";
import net from "node:net";

function refuse(...where) {
  console.error("a connection was tried:", ...where);
  process.exit(99);
}

net.Socket.prototype.connect = refuse;
dgram.Socket.prototype.send = refuse;
globalThis.fetch = refuse;
