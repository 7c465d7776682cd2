using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Settlements;
using Tallystick.Node.Api;
using Tallystick.Node.Rooms;
using Tallystick.Node.Settlements;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Rooms;

public sealed class RoomTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private RoomHouse house = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        house = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await house.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_role_is_taken_once_and_proven_by_its_secret_alone()
    {
        using var visit = await EnterAsync(house.Create()!.Value);
        var secret = visit.Room.Take(RoomRole.A);
        Assert.NotNull(secret);
        Assert.Null(visit.Room.Take(RoomRole.A));
        Assert.True(visit.Room.IsHeldBy(RoomRole.A, secret));
        Assert.False(visit.Room.IsHeldBy(RoomRole.B, secret));
        Assert.All(
            ["", null, secret[..^1], secret + "0", new string('0', secret.Length)],
            wrong => Assert.False(visit.Room.IsHeldBy(RoomRole.A, wrong)));
        var kept = await File.ReadAllTextAsync(Path.Combine(folder, visit.Room.Id.ToString(), "room.json"), Ct);
        Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_in_a_room_is_there_after_the_server_starts_again()
    {
        var id = house.Create()!.Value;
        string proposed, secret;
        using (var visit = await EnterAsync(id))
        {
            secret = visit.Room.Take(RoomRole.A)!;
            proposed = await ProposeAsync(visit.Room);
        }
        await house.DisposeAsync();
        house = Open();
        using var again = await EnterAsync(id);
        Assert.True(again.Room.IsHeldBy(RoomRole.A, secret));
        Assert.Null(again.Room.Take(RoomRole.A));
        await UntilAsync(again.Room, RoomRole.B, proposed, SettlementStates.Proposed);
        // The two ledgers may still be about to meet; then it waits to be signed.
        var accepted = await new SettlementDesk(Of(again.Room, RoomRole.B)).AnswerAsync(
            proposed, SettlementMove.Accept, new AnswerRequest(1), Ct);
        Assert.Null(accepted.Problem);
        foreach (var role in (RoomRole[])[RoomRole.A, RoomRole.B])
            await UntilAsync(again.Room, role, proposed, SettlementStates.Settled);
    }

    [Fact]
    public async Task A_room_without_visitors_is_put_away_after_a_while_and_opened_again_for_the_next()
    {
        var time = new ManualTime();
        await using var timed = Open(time);
        var id = timed.Create()!.Value;
        Room first;
        using (var visit = await EnterAsync(timed, id))
            first = visit.Room;
        using (var soon = await EnterAsync(timed, id))
            Assert.Same(first, soon.Room);
        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var later = await EnterAsync(timed, id);
                return !ReferenceEquals(first, later.Room);
            },
            "the room was put away and opened again");
    }

    [Fact]
    public async Task A_room_that_both_have_left_is_removed_with_its_keys_and_books()
    {
        var time = new ManualTime();
        await using var timed = Open(time);
        var id = timed.Create()!.Value;
        using (var visit = await EnterAsync(timed, id))
        {
            visit.Room.Leave(RoomRole.A);
            visit.Room.Leave(RoomRole.B);
        }
        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.IsTrueAsync(
            () => Task.FromResult(!Directory.Exists(Path.Combine(folder, id.ToString()))), "the room is removed");
        Assert.Null(await timed.EnterAsync(id));
    }

    [Fact]
    public async Task A_room_in_which_nothing_was_said_for_long_is_removed_and_no_other()
    {
        var (quiet, used) = (house.Create()!.Value, house.Create()!.Value);
        using (var visit = await EnterAsync(quiet))
            await ProposeAsync(visit.Room);
        using (var visit = await EnterAsync(used))
            await ProposeAsync(visit.Room);
        await house.DisposeAsync();
        var longAgo = DateTime.UtcNow - RoomHouse.KeptQuiet - TimeSpan.FromDays(1);
        var old = Files(used).Where(file => !file.EndsWith(".db", StringComparison.Ordinal));
        foreach (var file in Files(quiet).Concat(old))
            File.SetLastWriteTimeUtc(file, longAgo);
        foreach (var room in (RoomId[])[quiet, used])
            Directory.SetLastWriteTimeUtc(Path.Combine(folder, room.ToString()), longAgo);
        Directory.CreateDirectory(Path.Combine(folder, RoomId.Next().ToString()));
        house = Open();
        await Eventually.IsTrueAsync(
            () => Task.FromResult(!Directory.Exists(Path.Combine(folder, quiet.ToString()))), "the room is removed");
        Assert.Null(await house.EnterAsync(quiet));
        using var again = await EnterAsync(used);
        Assert.Equal(used, again.Room.Id);
        // One that is just being made, too, though nothing is in it yet.
        Assert.Equal(2, Directory.GetDirectories(folder).Length);

        string[] Files(RoomId id) =>
            Directory.GetFiles(Path.Combine(folder, id.ToString()), "*", SearchOption.AllDirectories);
    }

    [Fact]
    public async Task Every_one_of_many_rooms_that_open_at_once_is_ready()
    {
        var rooms = Enumerable.Range(0, 100).Select(_ => house.Create()!.Value).ToList();
        await Task.WhenAll(rooms.Select(id => Task.Run(
            async () =>
            {
                using var visit = await EnterAsync(id);
                await ProposeAsync(visit.Room);
            },
            Ct)));
    }

    [Fact]
    public async Task No_other_id_opens_a_room()
    {
        house.Create();
        Assert.Null(await house.EnterAsync(RoomId.Next()));
    }

    [Theory]
    [InlineData("abcd-efgh-jkmn-pqrs")]
    [InlineData(" ABCDEFGHJKMNPQRS ")]
    [InlineData("https://tally.example/rooms/abcd-efgh-jkmn-pqrs/a?x=1#y")]
    public void An_id_is_read_from_what_people_paste(string typed)
    {
        Assert.True(RoomId.TryParse(typed, out var id));
        Assert.Equal("abcd-efgh-jkmn-pqrs", id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abcd")]
    [InlineData("../../etc/passwd")]
    [InlineData("abcd-efgh-jkmn-pqr!")]
    [InlineData("abcd-efgh-jkmn-pqrs-tuvw")]
    public void What_is_no_id_is_none(string? typed) => Assert.False(RoomId.TryParse(typed, out _));

    [Fact]
    public async Task In_a_thousand_races_of_accept_and_modify_both_parties_end_at_one_state_and_amount()
    {
        using var visit = await EnterAsync(house.Create()!.Value);
        var (a, b) = (new SettlementDesk(Of(visit.Room, RoomRole.A)), new SettlementDesk(Of(visit.Room, RoomRole.B)));
        var (settled, modified) = (0, 0);
        for (var i = 0; i < 1_000; i++)
        {
            var id = await ProposeAsync(visit.Room);
            await UntilAsync(visit.Room, RoomRole.B, id, SettlementStates.Proposed);
            var accepting = Task.Run(() => b.AnswerAsync(id, SettlementMove.Accept, new AnswerRequest(1), Ct), Ct);
            var modifying = Task.Run(() => a.ModifyAsync(id, new ModifyRequest("15"), Ct), Ct);
            var (accepted, changed) = (await accepting, await modifying);
            if (accepted.Value is not null)
            {
                settled++;
                Assert.Equal("20.00", accepted.Value.Settlement.Amount);
            }
            else
            {
                modified++;
                Assert.Equal("not-newest", accepted.Problem!.Refusal);
                Assert.Contains("15.00 credits", accepted.Problem.Detail, StringComparison.Ordinal);
                Assert.NotNull(changed.Value);
                await a.WithdrawAsync(id, new WithdrawRequest(), Ct);
            }
            var state = accepted.Value is null ? SettlementStates.Withdrawn : SettlementStates.Settled;
            var amount = accepted.Value is null ? "15.00" : "20.00";
            foreach (var role in (RoomRole[])[RoomRole.A, RoomRole.B])
                Assert.Equal(amount, (await UntilAsync(visit.Room, role, id, state)).Amount);
        }
        Assert.Equal(1_000, settled + modified);
        var balance = Of(visit.Room, RoomRole.A).Ledger.Tabs.Single().Balance;
        Assert.Equal(settled * 20_00, balance);
    }

    private static NodeParts Of(Room room, RoomRole role) => room.Party(role).Node;

    private static async Task<string> ProposeAsync(Room room)
    {
        var answer = await new SettlementDesk(Of(room, RoomRole.A)).ProposeAsync(
            new SettleRequest("20", Payer: SettlementPayers.Me), Ct);
        return await Eventually.GetAsync(
            () => Task.FromResult(new SettlementBook(Of(room, RoomRole.A)).Find(answer.Value!.Settlement.Id).Value?.Id),
            "the proposal is signed");
    }

    private static Task<SettlementInfo> UntilAsync(Room room, RoomRole role, string id, string state) =>
        Eventually.GetAsync(
            () => Task.FromResult(
                new SettlementBook(Of(room, role)).Find(id).Value is { } known
                && SettlementBook.Describe(known) is var info && info.State == state
                    ? info
                    : null),
            $"{role} sees {id} {state}");

    private RoomHouse Open(TimeProvider? time = null) =>
        new(folder, Asset.Credits, time ?? TimeProvider.System, NullLoggerFactory.Instance);

    private Task<RoomVisit> EnterAsync(RoomId id) => EnterAsync(house, id);

    private static async Task<RoomVisit> EnterAsync(RoomHouse of, RoomId id) =>
        await of.EnterAsync(id) ?? throw new InvalidOperationException($"Room {id} did not open.");
}
