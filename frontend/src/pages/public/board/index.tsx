import type { ComponentType } from 'preact';

function Board() {
  return null;
}

export async function load(): Promise<ComponentType> {
  return Board;
}
