import { existsSync, readFileSync } from 'node:fs';
import { strict } from './unimplemented.ts';

type Size = { width: number; height: number };

/** An image that is only carried about: its bytes and, for a PNG, its size. */
class NativeImage {
  /** Where it was read from, for the record. */
  readonly source: string;
  #bytes: Buffer;
  #template = false;
  constructor(bytes: Buffer, source: string) {
    this.#bytes = bytes;
    this.source = source;
  }
  isEmpty(): boolean {
    return this.#bytes.length === 0;
  }
  getSize(): Size {
    const isPng = this.#bytes.length > 24 && this.#bytes.readUInt32BE(0) === 0x89504e47;
    return isPng
      ? { width: this.#bytes.readUInt32BE(16), height: this.#bytes.readUInt32BE(20) }
      : { width: 0, height: 0 };
  }
  toPNG(): Buffer {
    return this.#bytes;
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`;
  }
  /** Scaling needs a decoder; the same picture serves, since nobody looks at it. */
  resize(): NativeImage {
    return wrap(this.#bytes, this.source);
  }
  setTemplateImage(template: boolean): void {
    this.#template = template;
  }
  isTemplateImage(): boolean {
    return this.#template;
  }
  addRepresentation(): void {}
}

function wrap(bytes: Buffer, source = ''): NativeImage {
  return strict('NativeImage', new NativeImage(bytes, source));
}

export const nativeImage = strict('nativeImage', {
  createEmpty: (): NativeImage => wrap(Buffer.alloc(0)),
  createFromPath: (path: string): NativeImage => wrap(existsSync(path) ? readFileSync(path) : Buffer.alloc(0), path),
  createFromBuffer: (bytes: Buffer): NativeImage => wrap(bytes),
  createFromDataURL: (url: string): NativeImage => wrap(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
});

/** An image as the record shows it: its path, or what it is. */
export function imageName(image: unknown): string {
  if (typeof image === 'string') return image;
  return image instanceof NativeImage ? image.source || 'an image without a file' : 'no image';
}
