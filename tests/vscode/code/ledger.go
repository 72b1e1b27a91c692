package ledger

import (
	"errors"
	"fmt"
	"sort"
)

// ErrUnknown is returned for accounts that were never opened.
var ErrUnknown = errors.New("unknown account")

// Ledger holds the balance of each account, in cents.
type Ledger struct {
	balances map[string]int64
}

// Open adds an account.
func (l *Ledger) Open(name string) {
	if l.balances == nil {
		l.balances = make(map[string]int64)
	}
	l.balances[name] = 0
}

// Deposit adds to an account.
func (l *Ledger) Deposit(name string, cents int64) error {
	if _, ok := l.balances[name]; !ok {
		return fmt.Errorf("deposit to %q: %w", name, ErrUnknown)
	}
	l.balances[name] += cents
	return nil
}

// Withdraw takes from an account.
func (l *Ledger) Withdraw(name string, cents int64) error {
	if _, ok := l.balances[name]; !ok {
		return fmt.Errorf("withdraw from %q: %w", name, ErrUnknown)
	}
	l.balances[name] -= cents
	return nil
}

// Names lists the accounts in order.
func (l *Ledger) Names() []string {
	names := make([]string, 0, len(l.balances))
	for name := range l.balances {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
