using System.Collections.Immutable;
using System.Text;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests;

/// <summary>Fixed values of every record, so that tests and vectors speak of the same things.</summary>
internal static class Samples
{
    /// <summary>The key whose private number is 1: the generator of P-256 itself.</summary>
    public static PublicKey Alice { get; } =
        KeyOf("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");

    /// <summary>The key whose private number is 2.</summary>
    public static PublicKey Bob { get; } =
        KeyOf("037cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978");

    public static TabTerms Terms { get; } =
        TabTerms.TryCreate(Alice, Bob, Asset.Credits, out var terms) ? terms : throw new InvalidOperationException();

    public static RequestId Request { get; } =
        RequestId.FromGuid(Guid.ParseExact("01920000-0000-7000-8000-00000000002a", "D"));

    /// <summary>One line of every kind of the protocol, in the order of its table.</summary>
    public static ImmutableArray<Line> EveryLine { get; } =
    [
        new PayLine(Request, Amount.FromUnits(1000), "for lunch"),
        new LimitLine(Request, CreditLimit.FromUnits(10000)),
        new ProposeLine(Request, PayerIsMe: true, Amount.FromUnits(2000), "bank", "invoice 7"),
        new ModifyLine(Request, new Ref(3, 0), Amount.FromUnits(1500), "cash", ""),
        new WithdrawLine(Request, new Ref(3, 0)),
        new AcceptLine(Request, new Ref(4, 1023)),
        new DisputeLine(Request, new Ref(4, 2), "not yet arrived"),
        new ReceivedLine(Request, new Ref(5, 0)),
        new HoldLine(
            Request, Amount.FromUnits(Amount.MaxUnits), [HashOf("lock 1"), HashOf("lock 2")], [1, 2, 3], 1767225600000),
        new FulfilLine(Request, new Ref(128, 127), [HashOf("preimage 1"), HashOf("preimage 2")]),
        new ReleaseLine(Request, new Ref(128, 128), "no way on"),
        new VersionLine(Request, 1),
    ];

    public static Greeting AliceGreeting { get; } =
        new(Alice, "alice", HashOf("nonce alice"), HashOf("run alice"), 5000, 1, 1);

    public static Greeting BobGreeting { get; } = new(Bob, "bob", HashOf("nonce bob"), HashOf("run bob"), 0, 1, 2);

    public static Hash AliceCertificate { get; } = HashOf("certificate alice");

    public static Hash BobCertificate { get; } = HashOf("certificate bob");

    public static EncodedHello Hello { get; } = HelloCodec.Encode(new Hello
    {
        Tab = Terms.Id,
        Asset = Asset.Credits,
        Author = Party.Zero,
        Mine = new Head(300, HashOf("page 300")),
        Held = Head.Empty(Terms.Id),
        Era = Head.Empty(Terms.Id),
        Link = LinkProof.Bind(AliceGreeting, BobGreeting, AliceCertificate, BobCertificate),
        RunId = AliceGreeting.RunId,
        FoldVersion = 1,
    });

    public static ReadOnlyMemory<byte> Signature { get; } = Enumerable.Range(0, 64).Select(i => (byte)i).ToArray();

    public static Hash HashOf(string text) => Hash.Of(Encoding.UTF8.GetBytes(text));

    public static Page Page(params Line[] lines) => new()
    {
        Tab = Terms.Id,
        Author = Party.One,
        Number = 2,
        Previous = HashOf("page 1"),
        Seen = new Head(300, HashOf("page 300")),
        Basis = Hello.Hash,
        TimeMs = 1767225600000,
        Lines = [.. lines],
        Totals = new Totals(1000, 0, 127, 128),
        StateDigest = HashOf("state"),
    };

    public static SignedPage SignedPage(params Line[] lines) => new(PageCodec.Encode(Page(lines)), Signature);

    public static SignedFault Fault { get; } = new(
        FaultCodec.Encode(new Fault(Terms.Id, Party.Zero, SignedPage(EveryLine[0]), Rejections.OverLimit.Name)),
        Signature);

    public static EncodedReset Reset { get; } = ResetCodec.Encode(new Reset
    {
        Tab = Terms.Id,
        Era = 2,
        Previous = HashOf("reset 1"),
        Zero = new ResetParty
        {
            Kept = new Head(300, HashOf("page 300")),
            First = 1301,
            Given = 2500,
            Limit = CreditLimit.FromUnits(10000),
            HasLimit = true,
            Version = 1,
            Holds =
            [
                HoldAt(new Ref(128, 127), 70, HashOf("lock 1")),
                HoldAt(new Ref(300, 0), 5, HashOf("lock 1"), HashOf("lock 2")),
            ],
        },
        One = new ResetParty
        {
            Kept = Head.Empty(Terms.Id),
            First = 1001,
            Given = 0,
            Limit = CreditLimit.Zero,
            HasLimit = false,
            Version = 1,
            Holds = [],
        },
    });

    public static AgreedReset AgreedReset { get; } = new(Reset, Signature, Signature);

    /// <summary>One frame of every kind.</summary>
    public static ImmutableArray<Frame> EveryFrame { get; } =
    [
        new GreetingFrame(AliceGreeting),
        new ProofFrame(Signature),
        new ChosenFrame(),
        new ByeFrame("not-yet-accepted"),
        new PingFrame(1),
        new PongFrame(ulong.MaxValue),
        new HelloFrame(new SignedHello(Hello, Signature)),
        new PageFrame(SignedPage(EveryLine[0])),
        new AskPageFrame(Terms.Id, Party.One, 300),
        new FaultFrame(Fault),
        new ResetOfferFrame(new SignedReset(Reset, Signature)),
        new ResetFrame(AgreedReset),
        new RedeemFrame(new InviteToken(Hash.Of("a link"u8))),
        new AddressesFrame(["192.0.2.7:5000", "[2001:db8::7]:5000", "alice.example:5001"]),
    ];

    private static Hold HoldAt(Ref at, long units, params Hash[] locks) =>
        new() { Author = Party.Zero, Ref = at, Amount = Amount.FromUnits(units), Locks = [.. locks] };

    private static PublicKey KeyOf(string hex) =>
        PublicKey.TryCreate(Convert.FromHexString(hex), out var key) ? key : throw new InvalidOperationException();
}
