using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Fuzz.Inputs;

namespace Tallystick.Fuzz.Targets;

/// <summary>
/// A tab's loop with a dishonest peer: the input is a program of steps, each one byte and its arguments. Whatever the
/// peer signs, the loop goes on, stores only what follows, and starts again from its disk.
/// </summary>
internal sealed class TabLoopTarget : Target
{
    private const int MostSteps = 60;

    public override string Name => "loop";

    public override int MaxLength => 400;

    public override long MostAllocated(int length) => 64 * 1024 * 1024;

    public override IEnumerable<byte[]> Seeds()
    {
        var random = new Random(1);
        for (var i = 0; i < 30; i++)
            yield return Generate(random);
    }

    public override byte[] Generate(Random random)
    {
        var program = new byte[random.Next(20, 200)];
        random.NextBytes(program);
        return program;
    }

    public override string Run(byte[] input)
    {
        var program = new Program(input);
        var pair = new HostilePair();
        pair.Settle(2);
        var done = new SortedSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < MostSteps && !program.IsAtEnd; step++)
        {
            Step(pair, program, done);
            Check(pair);
        }
        pair.Restart(Party.Zero);
        pair.Settle(2);
        Check(pair);
        done.Add(pair.Closed ?? "open");
        done.Add(pair.Zero.State.Freeze?.Fault.Content.Fault.Rejection is { } name ? $"frozen {name}" : "free");
        return string.Join(' ', done);
    }

    private static void Step(HostilePair pair, Program program, SortedSet<string> done)
    {
        var any = new AnyRecord(new Random(program.Byte() * 256 + program.Byte()));
        switch (program.Byte() % 14)
        {
            case 0:
                pair.DeliverOne(Party.Zero);
                break;
            case 1:
                pair.DeliverOne(Party.One);
                break;
            case 2:
                pair.Settle(2);
                break;
            case 3:
                pair.Zero.NowMs += program.Byte() * 10;
                pair.Zero.Turn();
                break;
            case 4:
                pair.Ask(Party.Zero, [any.Line()]);
                break;
            case 5:
                pair.Ask(Party.One, [any.Line()]);
                break;
            case 6:
                pair.Connect();
                break;
            case 7:
                pair.Restart(program.Byte() % 2 == 0 ? Party.Zero : Party.One);
                break;
            case 8:
                pair.Zero.Step(new Cancel(new RequestId((UInt128)program.Byte() + 1_000_000)));
                break;
            case 9:
                Inject(pair, done, Hello(pair, any, program.Byte()));
                break;
            case 10:
                Inject(pair, done, Fault(pair, program.Byte()));
                break;
            case 11:
                Inject(pair, done, new AskPageFrame(
                    HostilePair.Terms.Id, (Party)(program.Byte() % 2), any.Number()));
                break;
            case 12:
                Inject(pair, done, Changed(pair, program));
                break;
            default:
                Inject(pair, done, Page(pair, any, program.Byte() % 20));
                break;
        }
    }

    private static void Inject(HostilePair pair, SortedSet<string> done, Frame? frame)
    {
        if (frame is not null && pair.Inject(frame))
            done.Add(frame.GetType().Name);
    }

    // The next page of One as Zero knows One's chain, or as One knows it, with lines of any kind.
    private static PageFrame Page(HostilePair pair, AnyRecord any, int how)
    {
        var view = how < 16 ? pair.Zero.State.Theirs : pair.One.State.Mine;
        var basis = pair.Zero.State.Session?.Mine.Hash ?? pair.BasisForOne;
        var page = HostilePages.Next(view, Party.One, basis, any.Lines(3));
        return new PageFrame(Signed(HostilePages.Spoil(page, how, any.Number())));
    }

    // One Hello in the name of One, with heads that may be true.
    private static HelloFrame? Hello(HostilePair pair, AnyRecord any, int how)
    {
        if (pair.Binding is null)
            return null;
        var zeros = pair.Zero.State.Mine;
        var hello = any.Hello() with
        {
            Tab = HostilePair.Terms.Id,
            Asset = HostilePair.Terms.Asset,
            Author = Party.One,
            Link = how % 8 == 7 ? any.Hello().Link : pair.Binding,
            FoldVersion = how % 8 == 6 ? 2 : 1,
        };
        if ((how & 8) != 0)
            hello = hello with { Mine = zeros.One.Head };
        if ((how & 16) != 0)
            hello = hello with { Held = zeros.Zero.Head };
        if ((how & 32) != 0)
            hello = hello with { Held = Head.Empty(HostilePair.Terms.Id) };
        return new HelloFrame(new SignedHello(HelloCodec.Encode(hello), new byte[64]));
    }

    private static FaultFrame? Fault(HostilePair pair, int how)
    {
        var pages = pair.Zero.Disk.Pages[(Party)(how % 2)];
        if (pages.IsEmpty)
            return null;
        var page = pages[how / 2 % pages.Length];
        var fault = FaultCodec.Encode(new Fault(HostilePair.Terms.Id, Party.One, page, "over-limit"));
        return new FaultFrame(new SignedFault(fault, new byte[64]));
    }

    // What One's loop has sent, with one byte changed, if that is still a frame.
    private static Frame? Changed(HostilePair pair, Program program)
    {
        if (pair.OnItsWay() is not { } frame)
            return null;
        var bytes = FrameCodec.Write(frame);
        bytes[(program.Byte() * 256 + program.Byte()) % bytes.Length] ^= (byte)Math.Max(1, (int)program.Byte());
        var buffer = new System.Buffers.ReadOnlySequence<byte>(bytes);
        return FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out var changed, out _)
            == FrameReadResult.Complete ? changed : null;
    }

    private static SignedPage Signed(Page page) => new(PageCodec.Encode(page), new byte[SignedPage.SignatureSize]);

    // Both views hold the peer's whole stored chain, and what is stored is a chain.
    private static void Check(HostilePair pair)
    {
        var state = pair.Zero.State;
        if (state.Mine.One.Head != state.Theirs.One.Head)
            throw new FindingException("The two views hold different chains of the peer.");
        if (state.Mine.Zero.Head.Number < state.Theirs.Zero.Head.Number)
            throw new FindingException("The peer is said to have seen more than there is.");
        foreach (var chain in pair.Zero.Disk.Pages.Values)
        {
            for (var i = 1; i < chain.Length; i++)
            {
                if (chain[i].Page.Previous != chain[i - 1].Hash)
                    throw new FindingException($"Stored page {i + 1} does not follow the one before it.");
            }
        }
    }

    private sealed class Program(byte[] bytes)
    {
        private int at;

        public bool IsAtEnd => at >= bytes.Length;

        public byte Byte() => IsAtEnd ? (byte)0 : bytes[at++];
    }
}
