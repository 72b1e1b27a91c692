import { EventEmitter } from 'node:events';

export interface Item {
  readonly sku: string;
  readonly price: number;
  readonly quantity: number;
}

export class Cart extends EventEmitter {
  private readonly items = new Map<string, Item>();

  add(item: Item): void {
    if (item.quantity <= 0) {
      throw new RangeError(`quantity must be positive, not ${item.quantity}`);
    }
    this.items.set(item.sku, item);
    this.emit('changed', this.items.size);
  }

  remove(sku: string): void {
    if (!this.items.delete(sku)) {
      throw new RangeError(`nothing here with the number ${sku}`);
    }
    this.emit('changed', this.items.size);
  }

  total(): number {
    let sum = 0;
    for (const item of this.items.values()) {
      sum += item.price * item.quantity;
    }
    return sum;
  }
}
