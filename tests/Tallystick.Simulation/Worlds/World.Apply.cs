using Tallystick.Core.Loop;
using Tallystick.Simulation.People;

namespace Tallystick.Simulation.Worlds;

/// <content>What can happen.</content>
internal sealed partial class World
{
    /// <summary>
    /// Lets it happen. What is not possible, because something before it was left out, does nothing.
    /// </summary>
    public void Apply(in Op op)
    {
        NowMs = Math.Max(NowMs, op.AtMs);
        Counts.Events++;
        switch (op.Kind)
        {
            case OpKind.Ask:
                Ask(op);
                break;
            case OpKind.AskAgain:
                AskAgain(Nodes[op.A]);
                break;
            case OpKind.Cancel:
                if (wishes.TryGetValue(op.C, out var wish))
                    Nodes[op.A].Cancel(wish);
                break;
            case OpKind.Turn:
                Nodes[op.A].TakeTurn(op.B);
                break;
            case OpKind.Commit:
                Nodes[op.A].Commit((Mishap)op.C, op.D);
                break;
            case OpKind.Crash:
                Nodes[op.A].Crash(op.C == 1);
                break;
            case OpKind.Start:
                Nodes[op.A].Start();
                break;
            case OpKind.Backup:
                Nodes[op.A].Copy = Nodes[op.A].Disk.Copy();
                break;
            case OpKind.Restore:
                Restore(Nodes[op.A], fromNothing: op.C == 1, swaps: op.D == 1);
                break;
            case OpKind.Jump:
                Nodes[op.A].ClockOffMs += op.D;
                Counts.ClockJumps++;
                break;
            case OpKind.LinkTime:
                Nodes[op.A].LetTimePass(op.B);
                break;
            case OpKind.Twin:
                Twin(op.A, op.C == 1);
                break;
            case OpKind.Reset:
                Nodes[op.A].Reset(op.B);
                break;
            case OpKind.Rename:
                Nodes[op.A].Rename(op.B, $"N{op.C}");
                break;
            case OpKind.Trick:
                Liars.Play(this, Nodes[op.A], op);
                break;
            default:
                ApplyToWire(op);
                break;
        }
    }

    private void ApplyToWire(in Op op)
    {
        if (op.Kind == OpKind.Dial)
        {
            Dial(Nodes[op.A], Nodes[op.B], op.C);
            return;
        }
        if (!connections.TryGetValue(op.C, out var connection))
            return;
        switch (op.Kind)
        {
            case OpKind.Accept:
                Accept(connection);
                break;
            case OpKind.Prove:
                if (connection.Accepted && connection.Ends[1 - op.A].IsOpen || connection.Ends[1 - op.A].IsProven)
                    connection.Ends[op.A].Node.Prove(connection.Ends[op.A]);
                break;
            case OpKind.Deliver:
                Deliver(connection, op.A, op.D);
                break;
            case OpKind.Cut:
                Cut(connection, op.A);
                break;
            case OpKind.Stall:
                connection.Lanes[op.A].IsStalled = true;
                break;
            case OpKind.Unstall:
                connection.Lanes[op.A].IsStalled = false;
                DeliveryIsDue(connection, op.A);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what {op.Kind} does.");
        }
        if (connection.IsOver)
            connections.Remove(op.C);
    }

    private void Ask(in Op op)
    {
        var node = Nodes[op.A];
        if (!node.IsRunning)
            return;
        if (!wishes.TryGetValue(op.C, out var wish))
        {
            var spec = Specs[op.B];
            var id = Names.Request(op.C);
            if (Wanting.Lines(node.Open(spec).View, id, op.D) is not { Length: > 0 } lines)
                return;
            wish = new Wish(op.C, node.Person, spec, new Intent(id, lines, NowMs + node.ClockOffMs, null));
            wishes.Add(op.C, wish);
            spec.Wishes.Add(wish);
            unanswered.Add(wish);
            Counts.Actions++;
        }
        node.Ask(wish);
    }

    // What was never answered, and what was done but may be lost with the disk: a caller may be slow to believe it.
    private void AskAgain(SimulatedNode node)
    {
        unanswered.RemoveAll(wish => wish.State is not null);
        foreach (var wish in unanswered.Where(wish => wish.Person == node.Person).ToArray())
            node.Ask(wish);
        foreach (var wish in lost.Where(wish => wish.Person == node.Person))
            node.Ask(wish);
    }

    private void Dial(SimulatedNode from, SimulatedNode to, int id)
    {
        if (connections.ContainsKey(id) || !from.WantsDial(to.Person))
            return;
        Counts.Links++;
        var connection = new Connection(id, from, to, bytesEvery > 0 && id % bytesEvery == 0);
        connections.Add(id, connection);
        from.BeginDial(connection.Ends[0]);
        Agenda.AcceptIsDue(connection);
    }

    private void Accept(Connection connection)
    {
        if (connection.Accepted || !connection.Ends[0].IsOpen)
            return;
        var listener = connection.Ends[1].Node;
        if (!listener.IsRunning)
        {
            connection.Ends[0].Node.Ended(connection.Ends[0]);
            return;
        }
        connection.Accepted = true;
        listener.Number(connection.Ends[1]);
        Agenda.ProofIsDue(connection, 0);
        Agenda.ProofIsDue(connection, 1);
    }

    private void Deliver(Connection connection, int side, long most)
    {
        var (end, lane) = (connection.Ends[side], connection.Lanes[side]);
        if (lane.IsInBytes && !lane.IsStalled && end.IsOpen)
            lane.LetArrive(most);
        for (var i = 0L; i < most && end is { IsOpen: true, IsProven: true, MayRead: true } && !lane.IsStalled; i++)
        {
            var frame = lane.IsInBytes ? lane.TakeFromBytes() : lane.Take();
            if (frame is null)
                break;
            end.Node.Receive(end, frame);
        }
        if (!lane.IsEmpty)
            DeliveryIsDue(connection, side);
    }

    private void Cut(Connection connection, int noticed)
    {
        Counts.Cuts++;
        foreach (var lane in connection.Lanes)
            lane.Break();
        for (var side = 0; side < 2; side++)
        {
            if ((noticed & (1 << side)) != 0)
                connection.Ends[side].Node.Ended(connection.Ends[side]);
        }
    }

    // Both sides put back at once may end in an operator's stop, so a node is put back only while those around it were
    // not, since the world last rested.
    private void Restore(SimulatedNode node, bool fromNothing, bool swaps)
    {
        if (node.IsTwin || (!fromNothing && node.Copy is null))
            return;
        if (!node.IsDishonest && PeersOf(node.Person).Any(Watch.WasRestored))
            return;
        var copy = fromNothing ? new SimulatedStore() : node.Copy!.Copy();
        node.Crash(othersNotice: false);
        if (swaps)
            node.Copy = node.Disk.Copy();
        node.PutDisk(copy);
        node.Start();
        foreach (var spec in Specs.Where(spec => spec.Has(node.Person)))
            node.Open(spec);
        Counts.Restores++;
        // A liar that puts back its disk denies what it has stored, and may show it again later.
        if (!node.IsDishonest)
            Watch.Restored(node);
        lost.RemoveAll(wish => wish.Person == node.Person);
        lost.AddRange(wishes.Values
            .Where(wish => wish.Person == node.Person && wish.State is IntentDone)
            .TakeLast(LostAskedAgain));
    }

    // The second instance lives for a while beside the first, on a copy of its disk, and is gone for ever then.
    private void Twin(int person, bool begins)
    {
        var twin = Nodes.Skip(person + 1).FirstOrDefault(node => node.IsTwin && node.Person == person);
        if (!begins)
        {
            twin?.Crash(othersNotice: true);
            return;
        }
        if (twin is not null || PeersOf(person).Any(Watch.WasRestored))
            return;
        twin = new SimulatedNode(this, Nodes.Count, person) { IsTwin = true };
        twin.PutDisk(Nodes[person].Disk.Copy());
        Nodes.Add(twin);
        Counts.Twins++;
        Watch.Restored(Nodes[person]);
        twin.Start();
    }
}
