using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Settlements;

/// <summary>A file proves what honest pages say, and nothing that was left out or written against the rules.</summary>
public sealed class SettlementProofTests
{
    private static readonly ObjectKey Settlement = new(Party.Zero, new Ref(2, 0));

    private readonly TwoChains chains = new();

    public SettlementProofTests()
    {
        foreach (var party in new[] { Party.Zero, Party.One })
            Assert.Null(chains.Write(party, 0, new LimitLine(chains.NextRequest(), CreditLimit.FromUnits(100))));
    }

    [Fact]
    public void A_booking_that_crossed_a_modify_and_a_withdraw_is_settled_at_what_was_accepted()
    {
        Write(Party.Zero, 1, Propose());
        Write(Party.Zero, 1, new ModifyLine(chains.NextRequest(), Settlement.Ref, Units(15), "", ""));
        Write(Party.Zero, 1, new WithdrawLine(chains.NextRequest(), Settlement.Ref));
        Write(Party.One, 2, new PayLine(chains.NextRequest(), Units(7), ""), Accept(2));

        var proof = Proven(chains.Of(Party.Zero).Concat(chains.Of(Party.One)));
        Assert.Equal(SettlementStatus.Settled, proof.Settlement.Status());
        Assert.Equal(20, SettlementTrail.Shown(proof.Settlement).Amount.Units);
        Assert.Equal((Party.One, 2), (proof.Booking!.Author, proof.Booking.Number));
        Assert.Empty(proof.Unlinked);
    }

    [Fact]
    public void A_received_that_crossed_a_dispute_is_settled()
    {
        Write(Party.Zero, 1, Propose(payerIsMe: false));
        Write(Party.One, 2, Accept(2));
        Write(Party.Zero, 2, new ReceivedLine(chains.NextRequest(), Settlement.Ref));
        Write(Party.One, 2, new DisputeLine(chains.NextRequest(), Settlement.Ref, "late"));
        Assert.Equal(
            SettlementStatus.Settled,
            Proven(chains.Of(Party.Zero).Concat(chains.Of(Party.One))).Settlement.Status());
    }

    [Fact]
    public void A_page_whose_page_before_is_left_out_is_named()
    {
        Settle();
        var proof = Proven([chains.Of(Party.Zero)[1], .. chains.Of(Party.One)]);
        Assert.Equal(2, Assert.Single(proof.Unlinked).Number);
    }

    [Fact]
    public void Pages_that_are_missing_double_foreign_or_unsigned_prove_nothing()
    {
        Settle();
        EncodedPage[] whole = [.. chains.Of(Party.Zero), .. chains.Of(Party.One)];
        Assert.Contains("not there", Wrong(chains.Of(Party.One)), StringComparison.Ordinal);
        Assert.Contains("twice", Wrong([.. whole, whole[0]]), StringComparison.Ordinal);
        Assert.False(SettlementProof.TryCheck(File(whole), (_, _, _) => false, out _, out var unsigned));
        Assert.Contains("bad signature", unsigned, StringComparison.Ordinal);
        var other = File(whole) with { Key0 = TwoChains.Terms.Key1, Key1 = TwoChains.Terms.Key0 };
        Assert.Contains("keys", Wrong(other), StringComparison.Ordinal);
        var another = File(whole) with { Asset = Another() };
        Assert.Contains("another tab", Wrong(another), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_against_the_rules_prove_nothing()
    {
        Write(Party.Zero, 1, Propose());
        Write(Party.Zero, 1, new ModifyLine(chains.NextRequest(), Settlement.Ref, Units(15), "", ""));
        (long Seen, Line[] Lines, string Why)[] wrong =
        [
            (1, [Accept(2)], "had not seen"),
            (3, [Accept(2)], "was replaced"),
            (3, [Accept(3), Accept(3)], "closed before"),
            (3, [Dispute(3), Dispute(3)], "repeats"),
        ];
        foreach (var (seen, lines, why) in wrong)
        {
            var page = chains.Compose(Party.One, seen, lines);
            Assert.Contains(why, Wrong([.. chains.Of(Party.Zero), .. chains.Of(Party.One), page]),
                StringComparison.Ordinal);
        }
        Write(Party.One, 3, Accept(3));
        var late = chains.Compose(Party.Zero, 2, new WithdrawLine(chains.NextRequest(), Settlement.Ref));
        Assert.Contains("closed before", Wrong([.. chains.Of(Party.Zero), .. chains.Of(Party.One), late]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_receiver_can_say_that_it_came()
    {
        Write(Party.Zero, 1, Propose());
        var page = chains.Compose(Party.Zero, 1, new ReceivedLine(chains.NextRequest(), Settlement.Ref));
        Assert.Contains(
            "only the receiver", Wrong([.. chains.Of(Party.Zero), page]), StringComparison.Ordinal);
    }

    [Fact]
    public void Totals_that_do_not_follow_from_the_lines_prove_nothing()
    {
        Write(Party.Zero, 1, Propose());
        var honest = chains.Compose(Party.One, 2, Accept(2)).Page;
        foreach (var given in new[] { 0L, 19, 21 })
        {
            var page = PageCodec.Encode(honest with { Totals = honest.Totals with { Given = given } });
            Assert.Contains(
                "totals", Wrong([.. chains.Of(Party.Zero), .. chains.Of(Party.One), page]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pages_that_claim_to_have_seen_each_other_prove_nothing()
    {
        Write(Party.Zero, 1, Propose());
        var answer = chains.Compose(Party.One, 2, Accept(2));
        var first = chains.Of(Party.Zero)[1].Page;
        var ahead = PageCodec.Encode(first with { Seen = answer.Head });
        Assert.NotNull(Wrong([chains.Of(Party.Zero)[0], ahead, chains.Of(Party.One)[0], answer]));
    }

    [Fact]
    public void A_file_is_read_back_as_it_was_written_and_a_cut_one_is_refused()
    {
        Settle();
        var file = File([.. chains.Of(Party.Zero), .. chains.Of(Party.One)]) with
        {
            Origin = SettlementFileOrigin.BothKeys,
        };
        var bytes = SettlementFileCodec.Encode(file);
        Assert.True(SettlementFileCodec.TryDecode(bytes, out var read, out _));
        Assert.Equal(bytes, SettlementFileCodec.Encode(read));
        Assert.Equal((file.Origin, file.Settlement, file.Asset), (read.Origin, read.Settlement, read.Asset));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(SettlementFileCodec.TryDecode(bytes.AsSpan(0, length), out _, out _));
    }

    private void Settle()
    {
        Write(Party.Zero, 1, Propose());
        Write(Party.One, 2, Accept(2));
    }

    private static Asset Another()
    {
        Assert.True(Asset.TryCreate("EUR", 2, out var asset));
        return asset;
    }

    private static Amount Units(long units) => Amount.FromUnits(units);

    private ProposeLine Propose(bool payerIsMe = true) =>
        new(chains.NextRequest(), payerIsMe, Units(20), "cash", "R1");

    private AcceptLine Accept(long page) => new(chains.NextRequest(), new Ref(page, 0));

    private DisputeLine Dispute(long page) => new(chains.NextRequest(), new Ref(page, 0), "no");

    private void Write(Party author, long seen, params Line[] lines) =>
        Assert.Null(chains.Write(author, seen, lines));

    private static SettlementFile File(IEnumerable<EncodedPage> pages) => new()
    {
        Key0 = TwoChains.Terms.Key0,
        Key1 = TwoChains.Terms.Key1,
        Asset = TwoChains.Terms.Asset,
        Origin = SettlementFileOrigin.Zero,
        Settlement = Settlement,
        Pages = [.. pages.Select(page => new SignedPage(page, new byte[SignedPage.SignatureSize]))],
    };

    // Signatures are checked where there are keys; here every page counts as signed.
    private static bool Signed(PublicKey key, Hash hash, ReadOnlyMemory<byte> signature) => true;

    private static SettlementProof Proven(IEnumerable<EncodedPage> pages)
    {
        Assert.True(SettlementProof.TryCheck(File(pages), Signed, out var proof, out var wrong), wrong);
        return proof;
    }

    private static string Wrong(IEnumerable<EncodedPage> pages) => Wrong(File(pages));

    private static string Wrong(SettlementFile file)
    {
        Assert.False(SettlementProof.TryCheck(file, Signed, out _, out var wrong));
        return wrong;
    }
}
