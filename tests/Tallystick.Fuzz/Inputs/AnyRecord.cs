using System.Collections.Immutable;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Relays;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Fuzz.Inputs;

/// <summary>The grammar of the records: any value of each field, those at the edges more often.</summary>
internal sealed class AnyRecord(Random random)
{
    private static readonly Hash Preimage = Hash.Of("preimage"u8);
    private static readonly Hash Lock = Hash.Of(Preimage.ToArray());
    private static readonly PublicKey Key =
        PublicKey.TryCreate([2, .. Preimage.ToArray()], out var key) ? key : throw new InvalidOperationException();

    public Line Line() => Line((LineKind)random.Next(1, 14));

    public Line Line(LineKind kind) => kind switch
    {
        LineKind.Pay => new PayLine(Id(), Amount(), Text(PageBounds.MaxMemoBytes)),
        LineKind.Limit => new LimitLine(Id(), Limit()),
        LineKind.Propose => new ProposeLine(Id(), random.Next(2) == 0, Amount(), Text(128), Text(128)),
        LineKind.Modify => new ModifyLine(Id(), Ref(), Amount(), Text(128), Text(128)),
        LineKind.Withdraw => new WithdrawLine(Id(), Ref()),
        LineKind.Accept => new AcceptLine(Id(), Ref()),
        LineKind.Dispute => new DisputeLine(Id(), Ref(), Text(PageBounds.MaxMemoBytes)),
        LineKind.Received => new ReceivedLine(Id(), Ref()),
        LineKind.Hold => new HoldLine(Id(), Amount(), Hashes(Lock), [.. Bytes(random.Next(40))], Number()),
        LineKind.Fulfil => new FulfilLine(Id(), Ref(), Hashes(Preimage)),
        LineKind.Release => new ReleaseLine(Id(), Ref(), Text(PageBounds.MaxMemoBytes)),
        LineKind.Version => new VersionLine(Id(), random.Next(1, 4)),
        _ => new UnknownLine(default, random.Next(13, 200), [.. Bytes(random.Next(20))]),
    };

    public ImmutableArray<Line> Lines(int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => Line())];

    public Page Page() => new()
    {
        Tab = new TabId(AnyHash()),
        Author = Party(),
        Number = Number(),
        Previous = AnyHash(),
        Seen = Head(),
        Basis = AnyHash(),
        TimeMs = Number(),
        Lines = Lines(6),
        Totals = new Totals(Number(), Number(), Number(), Number()),
        StateDigest = AnyHash(),
    };

    public SignedPage SignedPage() => new(PageCodec.Encode(Page()), Bytes(64));

    public Hello Hello() => new()
    {
        Tab = new TabId(AnyHash()),
        Asset = Asset.Credits,
        Author = Party(),
        Mine = Head(),
        Held = Head(),
        Era = Head(),
        Link = new LinkBinding(AnyHash(), AnyHash(), AnyHash(), AnyHash()),
        RunId = AnyHash(),
        FoldVersion = random.Next(1, 3),
    };

    public Fault Fault() => new(new TabId(AnyHash()), Party(), SignedPage(), Rejections.OverLimit.Name);

    public Greeting Greeting() => new(Key, "name", AnyHash(), AnyHash(), random.Next(65536), 1, random.Next(1, 300));

    /// <summary>How many kinds of messages relays know.</summary>
    public const int RelayMessages = 12;

    public RelayMessage RelayMessage(int kind) => kind switch
    {
        0 => new ChallengeMessage(random.Next(1, 300), AnyHash()),
        1 => new RegisterMessage(Key, Bytes(64)),
        2 => new RegisteredMessage(),
        3 => new CallMessage(Number(), Fingerprint.Of(Key)),
        4 => new PlacedMessage(Number(), AnyHash()),
        5 => new DeclinedMessage(Number(), RelayReasons.NotThere),
        6 => new IncomingMessage(AnyHash()),
        7 => new MeetMessage(AnyHash()),
        8 => new MetMessage(Fingerprint.Of(Key)),
        9 => new RelayPingMessage(),
        10 => new RelayPongMessage(),
        _ => new RelayByeMessage(RelayReasons.Leaving),
    };

    public Frame Frame() => random.Next(12) switch
    {
        0 => new GreetingFrame(Greeting()),
        1 => new ProofFrame(Bytes(64)),
        2 => new ChosenFrame(),
        3 => new ByeFrame("leaving"),
        4 => new PingFrame((ulong)random.NextInt64()),
        5 => new PongFrame((ulong)random.NextInt64()),
        6 => new HelloFrame(new SignedHello(HelloCodec.Encode(Hello()), Bytes(64))),
        7 => new PageFrame(SignedPage()),
        8 => new AskPageFrame(new TabId(AnyHash()), Party(), Number()),
        9 => new RedeemFrame(new InviteToken(AnyHash())),
        10 => new AddressesFrame(["192.0.2.7:5000", .. random.Next(2) == 0 ? [] : (string[])["[::1]:5001"]]),
        _ => new FaultFrame(new SignedFault(FaultCodec.Encode(Fault()), Bytes(64))),
    };

    /// <summary>Small, or beside a power of two, or anything below 2^53.</summary>
    public long Number() => random.Next(4) switch
    {
        0 => (1L << random.Next(53)) - random.Next(2),
        1 => random.NextInt64(PageBounds.NumberLimit),
        _ => random.Next(6),
    };

    private Amount Amount() => Core.Money.Amount.FromUnits(Math.Max(1, Number()));

    private CreditLimit Limit() => random.Next(5) == 0 ? CreditLimit.None : CreditLimit.FromUnits(Number());

    private Ref Ref() => random.Next(8) == 0
        ? new Ref(Number(), random.Next(PageBounds.MaxLines))
        : new Ref(random.Next(1, 9), random.Next(3));

    private ImmutableArray<Hash> Hashes(Hash one) =>
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(8) == 0 ? AnyHash() : one)];

    private RequestId Id() => new((UInt128)random.Next(1, 1 << 20));

    private Party Party() => (Party)random.Next(2);

    private Head Head() => new(Number(), AnyHash());

    private Hash AnyHash() => Core.Identity.Hash.Of(BitConverter.GetBytes(random.Next(8)));

    private string Text(int mostBytes)
    {
        if (random.Next(3) != 0)
            return string.Empty;
        var text = random.Next(3) switch { 0 => "ü€", 1 => "\u202e\0", _ => "for lunch" };
        while (random.Next(4) != 0 && Encoding.UTF8.GetByteCount(text) * 2 <= mostBytes)
            text += text;
        return text;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
