import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type NotSent } from "../../ports/http.ts";
import type { TransportProblem } from "../../shared/login/setback.ts";
import type { OnAbort } from "../aborts.ts";
import { connectProblem, tlsProblem } from "./problems.ts";

export interface ConnectOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onAbort: OnAbort;
  /** Instead of the system's name lookup. */
  readonly lookup?: LookupFunction | undefined;
  /** Certificates to trust instead of the well-known ones (PEM). */
  readonly ca?: string | undefined;
}

/** The longest delay that a timer keeps. */
const LONGEST_MS = 2 ** 31 - 1;
/** Node gives up on an address after 250 ms when there is another one: too short for far or slow networks. */
const PER_ADDRESS_MS = 2_500;

/**
 * Opens a fresh connection to the origin of `url`, TLS included; nothing of a request has left when it resolves. Plain
 * http only to this machine itself. It never rejects.
 */
export function openSocket(url: URL, options: ConnectOptions): Promise<Socket | NotSent> {
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const secure = url.protocol === "https:";
  if (!secure && url.protocol !== "http:") return Promise.resolve(notSent({ kind: "addressOdd" }));
  if (!secure && !isLoopbackName(host)) return Promise.resolve(notSent({ kind: "addressNotSecure" }));
  if (options.signal?.aborted === true) return Promise.resolve(notSent({ kind: "stopped" }));

  return new Promise((resolve) => {
    let reached = false;
    const socket = secure ? dialTls(url, host, options) : dialTcp(url, host, options);
    const end = (result: Socket | NotSent) => {
      clearTimeout(timer);
      unheard?.();
      socket.off("timeout", onTimeout);
      if (result !== socket) socket.destroy();
      resolve(result);
    };
    const onTimeout = () => end(notSent({ kind: "noAnswerInTime", host }));
    const onStop = () => end(notSent({ kind: "stopped" }));
    const timer = setTimeout(onTimeout, Math.min(Math.max(options.timeoutMs, 0), LONGEST_MS));
    const unheard = options.signal === undefined ? null : options.onAbort(options.signal, onStop);
    socket.once("connect", () => {
      reached = true;
    });
    // It stays for the life of the socket: an error between connecting and sending must not crash the process.
    socket.on("error", (error) => end(notSent(reached ? tlsProblem(error, host) : connectProblem(error, host))));
    socket.once("close", () => end(notSent({ kind: "closedWhileConnecting", host })));
    socket.once(secure ? "secureConnect" : "connect", () => {
      const stranger = !secure && !isLoopbackAddress(socket.remoteAddress ?? "");
      end(stranger ? notSent({ kind: "addressElsewhere" }) : socket);
    });
  });
}

function dialTcp(url: URL, host: string, options: ConnectOptions): Socket {
  const port = url.port === "" ? 80 : Number(url.port);
  return connectTcp({ host, port, ...common(options) });
}

function dialTls(url: URL, host: string, options: ConnectOptions): Socket {
  return connectTls({
    host,
    port: url.port === "" ? 443 : Number(url.port),
    // An address is no server name.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ["http/1.1"],
    minVersion: "TLSv1.2",
    // Said outright, so that no environment variable turns it off for tokens.
    rejectUnauthorized: true,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...common(options),
  });
}

function common(options: ConnectOptions) {
  return {
    autoSelectFamilyAttemptTimeout: PER_ADDRESS_MS,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  };
}

function isLoopbackName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || isLoopbackAddress(host);
}

/** Does a connection to this address (not name) stay on this machine? */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

function notSent(problem: TransportProblem): NotSent {
  return { kind: "notSent", problem };
}
