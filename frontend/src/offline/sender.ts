/** Sends what waits on this device: one sender at a time, also across tabs, and again after longer and longer pauses. */

import type { ApiError } from '../core/api';

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/** Refused for now: without anybody doing anything it may go another time. */
export const isPassing = ({ status, offline }: ApiError) => offline || status === 429 || status >= 500;

export interface Sender<Of> {
  /** Sends everything of `of`; what cannot go now is tried again later. */
  send(of: Of): Promise<void>;
  /** Something went through, or somebody asked: the pauses begin with the shortest again. */
  hurry(): void;
}

/** `work` sends what it can, and answers whether something still waits. */
export function sender<Of>(lock: string, work: (of: Of) => Promise<boolean>): Sender<Of> {
  let retryIn = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = async (of: Of): Promise<void> => {
    clearTimeout(timer);
    const once = () => work(of);
    const waits = await (navigator.locks ? navigator.locks.request(lock, once) : once());
    if (!waits) return;
    timer = setTimeout(() => void send(of).catch(() => undefined), retryIn);
    retryIn = Math.min(LONGEST_RETRY_MS, retryIn * 2);
  };
  const hurry = () => {
    retryIn = FIRST_RETRY_MS;
  };
  return { send, hurry };
}
