package loader

import (
	"context"
	"runtime"
	"slices"

	"example.com/kg/internal/intern"
	"example.com/kg/schema"
)

// A Clerk is a sink that enters claims in a [schema.Ledger], for analysis without a
// store. It works beside the load: batches are hashed while Load reads on, as many
// at once as there are processors, and entered in their order. Its methods are for
// one goroutine. Memory: 48 bytes a claim, twice that while Ledger makes one piece
// of them, and what they name.
type Clerk struct {
	vocabulary *schema.Vocabulary
	texts      intern.Texts // that are no IDs of the catalog, and may be parts of rows

	entries     [][]schema.Entry // in parts, which growing does not copy
	entities    intern.Table[schema.ID]
	relations   numbers[schema.ID]
	sources     numbers[schema.ID]
	voices      numbers[schema.Voice]
	times       numbers[schema.Time]
	confidences numbers[string]

	entered chan struct{}         // closed when all batches so far are entered
	idle    chan []schema.ClaimID // for each batch that there is room for, memory for its ids
	spare   chan *schema.Batch
}

// Enter makes a clerk for claims under the vocabulary v.
func Enter(v *schema.Vocabulary) *Clerk {
	atOnce := runtime.GOMAXPROCS(0)
	c := &Clerk{
		vocabulary: v,
		entered:    make(chan struct{}),
		idle:       make(chan []schema.ClaimID, atOnce),
		spare:      make(chan *schema.Batch, atOnce+1),
	}
	close(c.entered)
	for range atOnce {
		c.idle <- nil
	}
	c.voices.keep, c.times.keep, c.confidences.keep = c.keepVoice, c.keepTime, c.texts.Keep
	return c
}

// Put enters the claims of a batch, a repeated one again. It counts them all as new.
func (c *Clerk) Put(ctx context.Context, b *schema.Batch) (schema.Added, error) {
	if err := ctx.Err(); err != nil {
		return schema.Added{}, err
	}
	var ids []schema.ClaimID
	select {
	case <-ctx.Done():
		return schema.Added{}, ctx.Err()
	case ids = <-c.idle:
	}
	added := schema.Added{Claims: len(b.Claims), Entities: len(b.Entities), Sources: len(b.Sources)}
	before, entered := c.entered, make(chan struct{})
	c.entered = entered
	go func() {
		ids = appendIDs(ids[:0], b.Claims, c.vocabulary)
		<-before
		for i := range b.Claims {
			c.enter(&b.Claims[i], ids[i])
		}
		c.idle <- ids
		select {
		case c.spare <- b:
		default:
		}
		close(entered)
	}()
	return added, nil
}

// Spare returns a batch that is entered, to be filled again; nil if there is none.
func (c *Clerk) Spare() *schema.Batch {
	select {
	case b := <-c.spare:
		return b
	default:
		return nil
	}
}

func appendIDs(ids []schema.ClaimID, claims []schema.Claim, v *schema.Vocabulary) []schema.ClaimID {
	for i := range claims {
		ids = append(ids, claimID(&claims[i], v))
	}
	return ids
}

// enter does what [schema.Ledger.Add] does.
func (c *Clerk) enter(claim *schema.Claim, id schema.ClaimID) {
	subject, object := claim.Subject, claim.Object
	if object < subject && c.symmetric(claim.Relation) {
		subject, object = object, subject
	}
	from, _ := c.entities.Number(subject)
	to, _ := c.entities.Number(object)
	source := c.sources.of(claim.Source)
	*c.newEntry() = schema.Entry{
		ID:         id,
		Subject:    from,
		Object:     to,
		Relation:   c.relations.of(claim.Relation),
		Source:     source,
		Voice:      c.voices.of(schema.Voice{Own: claim.Origin, Speaker: claim.Speaker, Source: source}),
		Time:       c.times.of(claim.Time),
		Confidence: c.confidences.of(claim.Confidence),
		Stance:     claim.Stance,
		Ended:      claim.Ended,
	}
}

func (c *Clerk) symmetric(relation schema.ID) bool {
	r := c.vocabulary.Relation(relation)
	return r != nil && r.Symmetric
}

// entriesPart is how many entries a part has room for.
const entriesPart = 1 << 16

func (c *Clerk) newEntry() *schema.Entry {
	last := len(c.entries) - 1
	if last < 0 || len(c.entries[last]) == entriesPart {
		c.entries = append(c.entries, make([]schema.Entry, 0, entriesPart))
		last++
	}
	part := &c.entries[last]
	*part = append(*part, schema.Entry{})
	return &(*part)[len(*part)-1]
}

// Ledger waits until all batches are entered, and hands out what was. Call it once,
// after the load. Cost: O(claims), where there are more than 65,536.
func (c *Clerk) Ledger() *schema.Ledger {
	<-c.entered
	var entries []schema.Entry
	if len(c.entries) == 1 {
		entries = c.entries[0]
	} else {
		entries = slices.Concat(c.entries...)
	}
	c.entries = nil
	return &schema.Ledger{
		Entries: entries, Entities: c.entities.Values(), Relations: c.relations.values, Sources: c.sources.values,
		Voices: c.voices.values, Times: c.times.values, Confidences: c.confidences.values,
	}
}

func (c *Clerk) keepVoice(v schema.Voice) schema.Voice {
	v.Own, v.Speaker.Text = c.texts.Keep(v.Own), c.texts.Keep(v.Speaker.Text)
	return v
}

func (c *Clerk) keepTime(t schema.Time) schema.Time { return keptTime(&c.texts, t) }

// numbers number values that mostly come several times in a row.
type numbers[T comparable] struct {
	keep   func(T) T // copies a value that is new; nil: it can stay as it is
	values []T
	index  map[T]uint32
	last   uint32
}

func (n *numbers[T]) of(value T) uint32 {
	if len(n.values) > 0 && n.values[n.last] == value {
		return n.last
	}
	number, ok := n.index[value]
	if !ok {
		if n.index == nil {
			n.index = map[T]uint32{}
		}
		if n.keep != nil {
			value = n.keep(value)
		}
		number = uint32(len(n.values))
		n.index[value] = number
		n.values = append(n.values, value)
	}
	n.last = number
	return number
}
