using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;

namespace Tallystick.Core.Tests.Links;

/// <summary>Both ends of the links between two nodes, and what is on its way between them. Immutable.</summary>
internal sealed record TwoEnds
{
    private static readonly Hash[] Runs = [Hash.Of("zero"u8), Hash.Of("one"u8)];

    private TwoEnds(PeerLinks zero, PeerLinks one) => Ends = [zero, one];

    private enum Word
    {
        Proof,
        Chosen,
        Pong,
        End,
    }

    public ImmutableArray<PeerLinks> Ends { get; init; }

    private ImmutableArray<long> Highest { get; init; } = [0, 0];

    private ImmutableArray<Wire> Wires { get; init; } = [];

    public static TwoEnds Start()
    {
        var (small, large) = (KeyOf(2), KeyOf(3));
        return new TwoEnds(PeerLinks.None(small, large), PeerLinks.None(large, small));
    }

    /// <summary>Nothing is on its way.</summary>
    public bool IsQuiet => !Events().Any();

    /// <summary>Both ends use the same link, or neither uses one; and no other link is left.</summary>
    public bool Agrees()
    {
        var (zero, one) = (Ends[0], Ends[1]);
        if (zero.Current is null || one.Current is null)
            return zero.Links.IsEmpty && one.Links.IsEmpty;
        return zero.Links.Length == 1 && one.Links.Length == 1
            && Wires.Any(w => w.Numbers[0] == zero.Current && w.Numbers[1] == one.Current);
    }

    /// <summary>One end dials, if it may.</summary>
    public TwoEnds Dial(int end)
    {
        if (!Ends[end].WantsDial)
            return this;
        var number = Highest[end] + 1;
        var wire = new Wire(end, end == 0 ? [number, null] : [null, number], [[], []], [true, true]);
        var next = this with { Highest = Highest.SetItem(end, number), Wires = Wires.Add(wire) };
        return next.Tell(end, new DialStarted(0, number, number));
    }

    /// <summary>Everything that may happen next.</summary>
    public IEnumerable<Func<TwoEnds>> Events()
    {
        for (var w = 0; w < Wires.Length; w++)
        {
            var wire = w;
            if (Wires[w].Numbers.Any(n => n is null))
            {
                yield return () => Accept(wire);
                continue;
            }
            for (var end = 0; end < 2; end++)
            {
                var to = end;
                if (!Wires[w].Coming[to].IsEmpty)
                    yield return () => Deliver(wire, to);
            }
        }
    }

    /// <summary>The line under a link breaks for both ends.</summary>
    public TwoEnds Cut(int wire)
    {
        var cut = Wires[wire] with { Coming = [[Word.End], [Word.End]] };
        return cut.Numbers.Any(n => n is null) ? this : this with { Wires = Wires.SetItem(wire, cut) };
    }

    public int WireCount => Wires.Length;

    private TwoEnds Accept(int index)
    {
        var wire = Wires[index];
        var end = 1 - wire.Dialler;
        var number = Highest[end] + 1;
        // What the dialler has said since, an end at the most, stays behind its proof.
        var accepted = wire with
        {
            Numbers = wire.Numbers.SetItem(end, number),
            Coming = [.. wire.Coming.Select(c => c.Insert(0, Word.Proof))],
        };
        return this with { Highest = Highest.SetItem(end, number), Wires = Wires.SetItem(index, accepted) };
    }

    private TwoEnds Deliver(int index, int end)
    {
        var wire = Wires[index];
        var word = wire.Coming[end][0];
        var next = this with
        {
            Wires = Wires.SetItem(index, wire with { Coming = wire.Coming.SetItem(end, wire.Coming[end].RemoveAt(0)) }),
        };
        if (!wire.Open[end])
            return next;
        var number = wire.Numbers[end]!.Value;
        return word switch
        {
            Word.Proof => next.Tell(
                end, new LinkProven(0, Highest[end], number, wire.Dialler == end, Runs[1 - end])),
            Word.Chosen => next.Tell(end, new ChosenHeard(0, Highest[end], number)),
            Word.End => next.CloseEnd(index, end).Tell(end, new LinkClosed(0, Highest[end], number)),
            _ => next.Tell(end, new LinkHeard(0, Highest[end], number)),
        };
    }

    private TwoEnds Tell(int end, LinkInput input)
    {
        var (state, effects) = LinkChoice.Step(Ends[end], input);
        var next = this with { Ends = Ends.SetItem(end, state) };
        foreach (var effect in effects)
        {
            var index = next.Wires.IndexOf(next.Wires.First(w => w.Numbers[end] == effect.Number));
            next = effect switch
            {
                SendChosen => next.Say(index, 1 - end, Word.Chosen),
                SendPing => next.Say(index, end, Word.Pong),
                CloseLink => next.CloseEnd(index, end),
                _ => next,
            };
        }
        return next;
    }

    private TwoEnds CloseEnd(int index, int end)
    {
        var closed = Wires[index] with { Open = Wires[index].Open.SetItem(end, false) };
        return (this with { Wires = Wires.SetItem(index, closed) }).Say(index, 1 - end, Word.End);
    }

    private TwoEnds Say(int index, int to, Word word)
    {
        var wire = Wires[index];
        var coming = wire.Coming.SetItem(to, wire.Coming[to].Add(word));
        return this with { Wires = Wires.SetItem(index, wire with { Coming = coming }) };
    }

    private static PublicKey KeyOf(byte sign)
    {
        var bytes = new byte[PublicKey.Size];
        bytes[0] = sign;
        PublicKey.TryCreate(bytes, out var key);
        return key;
    }

    /// <summary>One connection: who dialled, its number at each end, and the words that come to each end.</summary>
    private sealed record Wire(
        int Dialler,
        ImmutableArray<long?> Numbers,
        ImmutableArray<ImmutableList<Word>> Coming,
        ImmutableArray<bool> Open);
}
