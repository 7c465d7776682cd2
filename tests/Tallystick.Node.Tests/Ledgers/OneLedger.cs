using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Storage.Sqlite;
using Tallystick.Node.Tests.Storage;

namespace Tallystick.Node.Tests.Ledgers;

/// <summary>
/// A ledger over a real book, and a peer that is played by the test: it holds the peer's key and hands in frames as if
/// they had come. Nobody reads what the ledger sends.
/// </summary>
internal sealed class OneLedger : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteLedgerStore store;
    private readonly NodeIdentity me = NodeIdentity.CreateFresh();
    private readonly NodeIdentity peer = NodeIdentity.CreateFresh();
    private long highestLink;

    public OneLedger(int? mostFilePages = null)
    {
        store = SqliteLedgerStore.Open(folder.Path, TimeProvider.System, mostFilePages);
        Ledger = Ledger.Open(
            store, me, new KeyRing(), RandomHash.Next(), () => highestLink, Time, NullLoggerFactory.Instance);
    }

    public Ledger Ledger { get; }

    /// <summary>The ledger's clock: while it stands, every loop stands in its turn.</summary>
    public StandingClock Time { get; } = new();

    public TabView Tab(Asset asset) => Ledger.OpenTab(peer.Key, asset);

    public PeerLink NewLink() => NewLink(new FrameReader(PipeReader.Create(Stream.Null)));

    /// <summary>A link on which more has come behind every frame.</summary>
    public async Task<PeerLink> NewBusyLinkAsync()
    {
        var ping = FrameCodec.Write(new PingFrame(1));
        var reader = new FrameReader(PipeReader.Create(new MemoryStream([.. ping, .. ping])));
        await reader.ReadAsync(FrameCodec.MaxFrameBytes, CancellationToken.None);
        return NewLink(reader);
    }

    /// <summary>The peer says where it stands.</summary>
    public ValueTask HelloAsync(PeerLink link, TabView tab, Head? held = null)
    {
        var hello = HelloCodec.Encode(new Hello
        {
            Tab = tab.Terms.Id,
            Asset = tab.Terms.Asset,
            Author = tab.Me.Other(),
            Mine = Head.Empty(tab.Terms.Id),
            Held = held ?? Head.Empty(tab.Terms.Id),
            Era = Head.Empty(tab.Terms.Id),
            Link = link.Binding,
            RunId = link.PeerGreeting.RunId,
            FoldVersion = Readiness.FoldVersion,
        });
        return Ledger.ReceiveAsync(link, new HelloFrame(new SignedHello(hello, peer.Sign(hello.Hash))));
    }

    /// <summary>The first page of a chain, rightly signed, with totals that no rule gives.</summary>
    public SignedPage WrongPage(TabView tab, bool own)
    {
        var page = PageCodec.Encode(new Page
        {
            Tab = tab.Terms.Id,
            Author = own ? tab.Me : tab.Me.Other(),
            Number = 1,
            Previous = tab.Terms.Id.Hash,
            Seen = Head.Empty(tab.Terms.Id),
            Basis = RandomHash.Next(),
            TimeMs = 0,
            Lines = [new LimitLine(NewId(), CreditLimit.None)],
            Totals = new Totals(77, 0, 0, 0),
            StateDigest = RandomHash.Next(),
        });
        return new SignedPage(page, (own ? me : peer).Sign(page.Hash));
    }

    /// <summary>The ledger meets an own page that its own rules refuse, which only a bug can have written.</summary>
    public async Task MeetBugAsync(PeerLink link, TabView tab)
    {
        var page = WrongPage(tab, own: true);
        await HelloAsync(link, tab, page.Content.Head);
        await Ledger.ReceiveAsync(link, new PageFrame(page));
        await Eventually.Holds(() => Tab(tab.Terms.Asset).Bug is not null, "the tab stops");
    }

    public static Intent Payment()
    {
        var id = NewId();
        return new Intent(
            id, [new PayLine(id, Amount.FromUnits(1), new string('x', 200))],
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null);
    }

    /// <summary>A wish that needs nothing of the peer.</summary>
    public static Intent LimitOf(int units)
    {
        var id = NewId();
        return new Intent(
            id,
            [new LimitLine(id, CreditLimit.FromUnits(units))],
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            ExpiresMs: null);
    }

    public async ValueTask DisposeAsync()
    {
        Time.Go();
        await Ledger.DisposeAsync();
        store.Dispose();
        me.Dispose();
        peer.Dispose();
        Time.Dispose();
        folder.Dispose();
    }

    private PeerLink NewLink(FrameReader reader) =>
        new(new SslStream(new MemoryStream()), reader, new LinkLimits(), Time)
        {
            Number = ++highestLink,
            Binding = new LinkBinding(RandomHash.Next(), RandomHash.Next(), RandomHash.Next(), RandomHash.Next()),
            PeerGreeting = new Greeting(peer.Key, "peer", RandomHash.Next(), RandomHash.Next(), 0, 1, 1),
            IDialled = true,
            Remote = new IPEndPoint(IPAddress.Loopback, 5000),
        };

    private static RequestId NewId() => RequestId.FromGuid(Guid.CreateVersion7());

    /// <summary>A wall clock that can be made to hold up whoever reads it.</summary>
    internal sealed class StandingClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim goes = new(initialState: true);

        public void Stand() => goes.Reset();

        public void Go() => goes.Set();

        public override DateTimeOffset GetUtcNow()
        {
            goes.Wait();
            return base.GetUtcNow();
        }

        public void Dispose() => goes.Dispose();
    }
}
