/** Tables on this device (IndexedDB): photos fit in, and they outlive the page, the browser and the phone's sleep. */

export const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Database<Name extends string> {
  private readonly name: string;
  private readonly create: (database: IDBDatabase) => void;
  private readonly gone: () => void;
  private opening: Promise<IDBDatabase> | undefined;

  /** `create` makes the tables where there are none; `gone` hears that somebody deletes all of it. */
  constructor(name: string, create: (database: IDBDatabase) => void, gone = () => {}) {
    this.name = name;
    this.create = create;
    this.gone = gone;
  }

  private open(): Promise<IDBDatabase> {
    if (!this.opening) {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => this.create(request.result);
      this.opening = settled(request).then((database) => {
        database.onversionchange = () => {
          database.close();
          this.opening = undefined;
          this.gone();
        };
        return database;
      });
    }
    return this.opening;
  }

  /** One transaction: all of it is on the device when the promise is kept, or none of it. */
  async change(names: Name[], work: (store: (name: Name) => IDBObjectStore) => void): Promise<void> {
    const transaction = (await this.open()).transaction(names, 'readwrite');
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    work((name) => transaction.objectStore(name));
    await done;
  }

  /** Reads one table. */
  async ask<T>(name: Name, question: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    return settled(question((await this.open()).transaction(name).objectStore(name))) as Promise<T>;
  }
}

/** Deletes, within a transaction, the rows of an index that have that value. */
export function deleteAll(index: IDBIndex, value: string, rows: IDBObjectStore): void {
  index.openKeyCursor(value).onsuccess = (event) => {
    const cursor = (event.target as IDBRequest<IDBCursor | null>).result;
    if (!cursor) return;
    rows.delete(cursor.primaryKey);
    cursor.continue();
  };
}
